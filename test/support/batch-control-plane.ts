import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

interface RetryEntry {
  readonly onStatusReason?: string;
  readonly onReason?: string;
  readonly onExitCode?: string;
  readonly action: string;
}

interface ContainerOverride {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

interface Submission {
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly shareIdentifier?: string;
  readonly arrayProperties?: { readonly size: number };
  readonly ecsPropertiesOverride: {
    readonly taskProperties: readonly { readonly containers: readonly ContainerOverride[] }[];
  };
  /** Refused: definitions of ECS properties take none. */
  readonly containerOverrides?: unknown;
  readonly timeout?: { readonly attemptDurationSeconds: number };
  readonly retryStrategy?: {
    readonly attempts: number;
    readonly evaluateOnExit?: readonly RetryEntry[];
  };
  readonly tags?: Readonly<Record<string, string>>;
}

/** One job, or one child of an array. */
interface Unit {
  status: string;
  statusReason: string | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  attempts: number;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  interrupt: (() => void) | undefined;
}

interface Job {
  readonly id: string;
  readonly submitted: Submission;
  readonly createdAt: number;
  readonly units: Unit[];
  cancelled: boolean;
}

/** What goes wrong, on request. */
export interface Mishaps {
  /** Submits whose reply is lost although the job was made. */
  lostReplies?: number;
  /** Submits that never arrive. */
  lostRequests?: number;
  /** Replies of 429 before any other. */
  throttled?: number;
  /** Ms after which a new job is listed. */
  listedAfterMs?: number;
}

/** How a control plane is started. */
export interface ControlPlaneOptions {
  readonly queues: readonly string[];
  /** Names of job definitions; each has one container, `quarry`. */
  readonly jobDefinitions: readonly string[];
  /** The program that a container's entry point stands for, and its first arguments. */
  readonly entry: readonly string[];
  /** What the job definition sets in a container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the compute environments are, where they are not VALID. */
  readonly invalid?: { readonly status: string; readonly statusReason: string };
  /** vCPUs of Fargate Spot that the account may have. */
  readonly vcpuQuota?: number;
  /** Parameters of SSM, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Containers that run at once. */
  readonly capacity?: number;
  readonly mishaps?: Mishaps;
}

/** What a submit says of its one container. */
function overrideOf({
  ecsPropertiesOverride,
}: Pick<Submission, "ecsPropertiesOverride">): ContainerOverride | undefined {
  return ecsPropertiesOverride.taskProperties[0]?.containers[0];
}

/** What Fargate says of a Spot task that it takes away. */
const interrupted = "Your Spot Task was interrupted.";

function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/**
 * AWS Batch's control plane on loopback, as far as a backfill sees it: queues, array jobs, retry strategies, time limits,
 * interruptions, and a real process for each container. Built from Batch's API reference and user guide.
 */
export class BatchControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #jobs: Job[] = [];
  #running = 0;
  /** Requests by operation. */
  readonly requests: string[] = [];

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const job of this.#jobs) this.#terminate(job);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What was submitted, in order, with what it says of its container. */
  get submissions(): readonly (Submission & { readonly container: ContainerOverride })[] {
    return this.#jobs.map(({ submitted }) => ({ ...submitted, container: overrideOf(submitted)! }));
  }

  /** Resolves when every job is over. */
  async settled(): Promise<void> {
    const isOver = (job: Job): boolean => ["SUCCEEDED", "FAILED"].includes(this.#statusOf(job));
    while (!this.#jobs.every(isOver)) await sleep(20);
  }

  /** Attempts that each child of the job of a name took. */
  attemptsOf(at: number): number[] {
    return this.#jobs[at]!.units.map(({ attempts }) => attempts);
  }

  /** Takes the machine of some running container away. @returns false when none runs */
  interrupt(): boolean {
    for (const { units } of this.#jobs) {
      const unit = units.find(({ interrupt }) => interrupt !== undefined);
      if (unit === undefined) continue;
      unit.interrupt!();
      return true;
    }
    return false;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = request.url!.split("/").at(-1)!;
    this.requests.push(operation);
    const mishaps = this.#options.mishaps ?? {};
    const reply = (status: number, body: unknown, type?: string): void => {
      response.writeHead(status, {
        "content-type": "application/json",
        ...(type && { "x-amzn-errortype": type }),
      });
      response.end(JSON.stringify(body));
    };
    if ((mishaps.throttled ?? 0) > 0) {
      mishaps.throttled!--;
      reply(429, { message: "Rate exceeded" }, "TooManyRequestsException");
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, unknown>;
    // The same address answers for SSM, which says what it wants in a header.
    if (request.headers["x-amz-target"] === "AmazonSSM.GetParameter") {
      const value = this.#options.parameters?.[String(body["Name"])];
      if (value === undefined) reply(400, { __type: "ParameterNotFound", message: "" });
      else reply(200, { Parameter: { Name: body["Name"], Value: value } });
      return;
    }
    if (request.headers["x-amz-target"] === "ServiceQuotasV20190624.GetServiceQuota") {
      reply(200, { Quota: { ...body, Value: this.#options.vcpuQuota ?? 64 } });
      return;
    }
    const wrong = (message: string): void => {
      reply(400, { message }, "ClientException");
    };
    if (operation === "submitjob") {
      if ((mishaps.lostRequests ?? 0) > 0) {
        mishaps.lostRequests!--;
        request.socket.destroy();
        return;
      }
      const submitted = body as unknown as Submission;
      const problem = this.#problemOf(submitted);
      if (problem !== undefined) {
        wrong(problem);
        return;
      }
      const job = this.#submit(submitted);
      if ((mishaps.lostReplies ?? 0) > 0) {
        mishaps.lostReplies!--;
        request.socket.destroy();
        return;
      }
      reply(200, { jobId: job.id, jobName: submitted.jobName });
    } else if (operation === "describejobs") {
      const ids = body["jobs"] as string[];
      if (ids.length > 100) {
        wrong("jobs must have at most 100 members");
        return;
      }
      reply(200, { jobs: ids.flatMap((id) => this.#describe(id)) });
    } else if (operation === "listjobs") {
      reply(200, { jobSummaryList: this.#list(body) });
    } else if (operation === "describejobqueues") {
      const asked = body["jobQueues"] as string[];
      reply(200, {
        jobQueues: asked
          .filter((name) => this.#options.queues.includes(name))
          .map((jobQueueName) => ({
            jobQueueName,
            computeEnvironmentOrder: [
              { order: 1, computeEnvironment: `${jobQueueName}-environment` },
            ],
          })),
      });
    } else if (operation === "describecomputeenvironments") {
      const asked = body["computeEnvironments"] as string[];
      reply(200, {
        computeEnvironments: asked.map((computeEnvironmentName) => ({
          computeEnvironmentName,
          state: "ENABLED",
          computeResources: { maxvCpus: 16 },
          ...(this.#options.invalid ?? { status: "VALID", statusReason: "" }),
        })),
      });
    } else if (operation === "terminatejob") {
      const job = this.#jobs.find(({ id }) => id === body["jobId"]);
      if (job) this.#terminate(job);
      reply(200, {});
    } else {
      reply(404, { message: `no operation ${operation}` }, "UnknownOperationException");
    }
  }

  #problemOf({ jobQueue, jobDefinition, arrayProperties, jobName, ...rest }: Submission) {
    const { queues, jobDefinitions } = this.#options;
    if (!queues.includes(jobQueue)) return `JobQueue ${jobQueue} not found`;
    if (!jobDefinitions.includes(jobDefinition)) return `JobDefinition ${jobDefinition} not found`;
    if (rest.containerOverrides !== undefined) {
      return "containerOverrides must not be set for a job definition of ecsProperties";
    }
    if (overrideOf(rest)?.name !== "quarry") return "no container of this name in the definition";
    if (!/^[\w-]{1,128}$/.test(jobName)) return "jobName is not valid";
    const { size } = arrayProperties ?? { size: 2 };
    if (size < 2 || size > 10_000) return "Array size must be between 2 and 10000";
    if ((rest.retryStrategy?.evaluateOnExit?.length ?? 0) > 5) return "too many retry conditions";
    if (!/^[A-Za-z0-9]{1,255}$/.test(rest.shareIdentifier ?? "")) {
      return "Fairshare queues need a shareIdentifier of letters and digits";
    }
    return undefined;
  }

  #submit(submitted: Submission): Job {
    const size = submitted.arrayProperties?.size ?? 1;
    const job: Job = {
      id: `job-${this.#jobs.length + 1}`,
      submitted,
      createdAt: Date.now(),
      units: Array.from({ length: size }, () => ({
        status: "SUBMITTED",
        statusReason: undefined,
        exitCode: undefined,
        reason: undefined,
        attempts: 0,
        startedAt: undefined,
        stoppedAt: undefined,
        interrupt: undefined,
      })),
      cancelled: false,
    };
    this.#jobs.push(job);
    for (const [shard, unit] of job.units.entries()) void this.#live(job, unit, shard);
    return job;
  }

  /** A unit's life: waits for room, runs, and runs again where its retry strategy says so. */
  async #live(job: Job, unit: Unit, shard: number): Promise<void> {
    const { attempts, evaluateOnExit = [] } = job.submitted.retryStrategy ?? { attempts: 1 };
    for (;;) {
      unit.status = "RUNNABLE";
      while (this.#running >= (this.#options.capacity ?? 2) && !job.cancelled) await sleep(10);
      if (job.cancelled) return;
      this.#running++;
      unit.status = "STARTING";
      unit.attempts++;
      try {
        await this.#run(job, unit, shard);
      } finally {
        this.#running--;
      }
      if (unit.exitCode === 0) {
        unit.status = "SUCCEEDED";
        return;
      }
      const entry = evaluateOnExit.find(
        ({ onStatusReason, onReason, onExitCode }) =>
          matches(onStatusReason, unit.statusReason ?? "") &&
          matches(onReason, unit.reason ?? "") &&
          matches(onExitCode, String(unit.exitCode ?? "")),
      );
      // Without a match it is tried again, as Batch does.
      const again = entry === undefined || entry.action === "RETRY";
      const { cancelled } = job as { readonly cancelled: boolean };
      if (cancelled || !again || unit.attempts >= attempts) {
        unit.status = "FAILED";
        return;
      }
    }
  }

  async #run(job: Job, unit: Unit, shard: number): Promise<void> {
    const [program, ...first] = this.#options.entry;
    const { arrayProperties, timeout } = job.submitted;
    const { command, environment } = overrideOf(job.submitted)!;
    const overridden = environment.map(({ name, value }) => [name, value]);
    const child = spawn(program!, [...first, ...command], {
      env: {
        PATH: process.env["PATH"],
        ...this.#options.environment,
        ...(Object.fromEntries(overridden) as Record<string, string>),
        AWS_BATCH_JOB_ID: job.id,
        AWS_BATCH_JOB_ATTEMPT: String(unit.attempts),
        ...(arrayProperties && { AWS_BATCH_JOB_ARRAY_INDEX: String(shard) }),
      },
      stdio: "ignore",
    });
    unit.status = "RUNNING";
    unit.startedAt ??= Date.now();
    unit.statusReason = undefined;
    unit.reason = undefined;
    unit.interrupt = () => {
      unit.statusReason = interrupted;
      child.kill("SIGKILL");
    };
    const timer =
      timeout &&
      setTimeout(() => {
        unit.statusReason = "Job attempt duration exceeded timeout";
        child.kill("SIGKILL");
      }, timeout.attemptDurationSeconds * 1000);
    const code = await new Promise<number | null>((resolve) => {
      child.on("error", () => {
        unit.reason = "CannotStartContainerError";
        resolve(null);
      });
      child.on("close", resolve);
    });
    clearTimeout(timer);
    unit.interrupt = undefined;
    unit.stoppedAt = Date.now();
    unit.exitCode = code ?? 137;
    unit.statusReason ??= "Essential container in task exited";
  }

  #terminate(job: Job): void {
    job.cancelled = true;
    for (const unit of job.units) {
      if (unit.interrupt) unit.interrupt();
      else if (unit.status !== "SUCCEEDED" && unit.status !== "FAILED") unit.status = "FAILED";
    }
  }

  #statusOf({ units }: Job): string {
    if (units.every(({ status }) => status === "SUCCEEDED")) return "SUCCEEDED";
    const over = units.every(({ status }) => ["SUCCEEDED", "FAILED"].includes(status));
    if (over) return "FAILED";
    return units.length > 1 ? "PENDING" : units[0]!.status;
  }

  #describe(id: string): unknown[] {
    const [parent, index] = id.split(":");
    const job = this.#jobs.find((one) => one.id === parent);
    if (job === undefined) return [];
    if (index !== undefined) {
      const unit = job.units[Number(index)];
      return unit
        ? [
            {
              jobId: id,
              jobName: job.submitted.jobName,
              ...this.#detail(unit),
              arrayProperties: { index: Number(index) },
            },
          ]
        : [];
    }
    const [first] = job.units;
    const size = job.submitted.arrayProperties?.size;
    return [
      {
        jobId: id,
        jobName: job.submitted.jobName,
        jobQueue: job.submitted.jobQueue,
        status: this.#statusOf(job),
        createdAt: job.createdAt,
        ...(size === undefined ? this.#detail(first!) : { arrayProperties: { size } }),
      },
    ];
  }

  #summary({ statusReason, startedAt, stoppedAt }: Unit): object {
    return { statusReason, startedAt, stoppedAt };
  }

  /** A list does not say how a container ended; a description does. */
  #detail(unit: Unit): object {
    const { status, exitCode, reason } = unit;
    const containers = [{ name: "quarry", exitCode, reason }];
    return { status, ...this.#summary(unit), ecsProperties: { taskProperties: [{ containers }] } };
  }

  #list(body: Record<string, unknown>): object[] {
    const { jobQueue, arrayJobId, jobStatus, filters } = body as {
      jobQueue?: string;
      arrayJobId?: string;
      jobStatus?: string;
      filters?: { values: string[] }[];
    };
    const listed = Date.now() - (this.#options.mishaps?.listedAfterMs ?? 0);
    return this.#jobs
      .filter(({ createdAt }) => createdAt <= listed)
      .flatMap((job): object[] => {
        if (arrayJobId !== undefined) {
          if (job.id !== arrayJobId) return [];
          return job.units.flatMap((unit, index) =>
            unit.status === jobStatus
              ? [
                  {
                    jobId: `${job.id}:${index}`,
                    status: unit.status,
                    arrayProperties: { index },
                    ...this.#summary(unit),
                  },
                ]
              : [],
          );
        }
        const named =
          filters?.[0]?.values.some((value) => matches(value, job.submitted.jobName)) ?? true;
        return job.submitted.jobQueue === jobQueue && named
          ? [
              {
                jobId: job.id,
                jobName: job.submitted.jobName,
                createdAt: job.createdAt,
                status: this.#statusOf(job),
                ...(job.submitted.arrayProperties
                  ? { arrayProperties: { size: job.units.length } }
                  : this.#summary(job.units[0]!)),
              },
            ]
          : [];
      });
  }
}
