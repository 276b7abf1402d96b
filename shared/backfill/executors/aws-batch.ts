import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  type JobDetail,
  type JobSummary,
} from "@aws-sdk/client-batch";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import PQueue from "p-queue";
import { systemClock, type Clock } from "../../clock.ts";
import { InvalidInput, messageOf, SourceRejected, SourceUnavailable } from "../../errors.ts";
import { secondMs } from "../../units.ts";
import type { Facts } from "../doctor/rules.ts";
import { deploymentParameter, parseDeployment, type Deployment } from "../deployment.ts";
import { jobName, orderStatus, submission, type BatchJob } from "./batch-order.ts";
import type { Executor, OrderStatus, WorkOrder } from "./executor.ts";

/** Times that a submit whose reply was lost is looked for, and pauses between: a new job is not listed at once. */
const looks = 4;

/** Jobs that one DescribeJobs takes. */
const describedAtOnce = 100;

/**
 * Reads what an environment's stack wrote down.
 *
 * @throws InvalidInput when it was never deployed
 */
export async function readDeployment(environment: string): Promise<Deployment> {
  const ssm = new SSMClient({});
  const name = deploymentParameter(environment);
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return parseDeployment(Parameter?.Value ?? "", environment);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ParameterNotFound") {
      throw new InvalidInput(
        `Environment "${environment}" was never deployed (no parameter ${name}); run "pulumi up" for it first.`,
        { cause: thrown },
      );
    }
    throw failureOf(thrown, "SSM");
  } finally {
    ssm.destroy();
  }
}

/** Children are containers on AWS Batch: an array job an order, on the Spot queue or the one on demand. */
export function awsBatchExecutor(
  { region, batch }: Deployment,
  clock: Clock = systemClock,
  lookPauseMs = 2 * secondMs,
): Executor {
  const client = new BatchClient({ region, maxAttempts: 5 });
  // A submit that is sent again by the SDK would be two jobs.
  const submitter = new BatchClient({ region, maxAttempts: 1 });
  const limiter = new PQueue({ concurrency: 4, interval: secondMs, intervalCap: 20 });
  const jobIds = new Map<string, { id: string; vcpus: number }>();
  const ask = <Result>(what: () => Promise<Result>): Promise<Result> =>
    limiter.add(async () => {
      try {
        return await what();
      } catch (thrown) {
        throw failureOf(thrown, "AWS Batch");
      }
    });

  /** The newest job of a name in either queue. */
  const find = async (name: string): Promise<string | undefined> => {
    const found: JobSummary[] = [];
    for (const jobQueue of new Set([batch.spotQueue, batch.onDemandQueue])) {
      const filters = [{ name: "JOB_NAME", values: [name] }];
      const reply = await ask(() => client.send(new ListJobsCommand({ jobQueue, filters })));
      found.push(...(reply.jobSummaryList ?? []));
    }
    found.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
    return found[0]?.jobId;
  };

  const send = async (order: WorkOrder, signal: AbortSignal): Promise<string> => {
    const name = jobName(order.runId, order.name);
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const reply = await submitter.send(
          new SubmitJobCommand({
            ...submission(order),
            jobQueue: order.spot ? batch.spotQueue : batch.onDemandQueue,
            jobDefinition: batch.jobDefinition,
          }),
        );
        return reply.jobId!;
      } catch (thrown) {
        const failure = failureOf(thrown, "AWS Batch");
        if (!(failure instanceof SourceUnavailable)) throw failure;
        // It may have come through: look before it is sent again.
        for (let look = 0; look < looks; look++) {
          await clock.sleep(lookPauseMs, signal);
          const id = await find(name);
          if (id !== undefined) return id;
        }
        if (attempt >= looks) throw failure;
      }
    }
  };

  const childrenOf = async (arrayJobId: string): Promise<JobSummary[]> => {
    const all: JobSummary[] = [];
    for (const jobStatus of ["SUCCEEDED", "FAILED", "RUNNING"] as const) {
      let nextToken: string | undefined;
      do {
        const token = nextToken;
        const reply = await ask(() =>
          client.send(new ListJobsCommand({ arrayJobId, jobStatus, nextToken: token })),
        );
        all.push(...(reply.jobSummaryList ?? []));
        nextToken = reply.nextToken;
      } while (nextToken !== undefined);
    }
    return all;
  };

  const jobsOf = async (job: JobDetail): Promise<BatchJob[]> => {
    const size = job.arrayProperties?.size;
    if (size === undefined) {
      const { exitCode, reason } = job.container ?? {};
      return [{ ...common(job, exitCode, reason), shard: 0 }];
    }
    const listed = (await childrenOf(job.jobId!)).map((child) => ({
      ...common(child, child.container?.exitCode, child.container?.reason),
      shard: child.arrayProperties?.index ?? 0,
    }));
    // Those that are not listed wait.
    const waiting = {
      status: job.status === "FAILED" ? "FAILED" : "PENDING",
      shard: -1,
      exitCode: undefined,
      reason: job.statusReason ?? "",
      startedAt: undefined,
      stoppedAt: undefined,
    };
    return [...listed, ...Array.from({ length: size - listed.length }, () => waiting)];
  };

  return {
    name: "aws-batch",
    mostChildren: 10_000,

    async submit(order, signal) {
      const name = jobName(order.runId, order.name);
      const known = jobIds.get(name)?.id ?? (await find(name));
      jobIds.set(name, { id: known ?? (await send(order, signal)), vcpus: order.vcpus });
    },

    async status(runId, names) {
      const ids: { name: string; id: string; vcpus: number }[] = [];
      for (const name of names) {
        const full = jobName(runId, name);
        const known = jobIds.get(full);
        const id = known?.id ?? (await find(full));
        if (id !== undefined) ids.push({ name, id, vcpus: known?.vcpus ?? 1 });
      }
      const found: OrderStatus[] = [];
      for (let at = 0; at < ids.length; at += describedAtOnce) {
        const some = ids.slice(at, at + describedAtOnce);
        const reply = await ask(() =>
          client.send(new DescribeJobsCommand({ jobs: some.map(({ id }) => id) })),
        );
        for (const { name, id, vcpus } of some) {
          const job = reply.jobs?.find(({ jobId }) => jobId === id);
          if (job) found.push(orderStatus(name, await jobsOf(job), vcpus, clock.now()));
        }
      }
      return found;
    },

    async cancel(runId, names, reason) {
      for (const name of names) {
        const full = jobName(runId, name);
        const jobId = jobIds.get(full)?.id ?? (await find(full));
        if (jobId === undefined) continue;
        await ask(() => client.send(new TerminateJobCommand({ jobId, reason })));
      }
    },

    close() {
      client.destroy();
      submitter.destroy();
      return Promise.resolve();
    },
  };
}

/** What Batch says of an environment's compute environments, and of the jobs of a run. */
export async function batchFacts(
  { region, batch }: Deployment,
  runId: string | undefined,
): Promise<Pick<Facts, "environments" | "jobs">> {
  const client = new BatchClient({ region });
  try {
    const queues = [...new Set([batch.spotQueue, batch.onDemandQueue])];
    const { jobQueues = [] } = await client.send(
      new DescribeJobQueuesCommand({ jobQueues: queues }),
    );
    const names = jobQueues.flatMap(({ computeEnvironmentOrder = [] }) =>
      computeEnvironmentOrder.flatMap(({ computeEnvironment }) => computeEnvironment ?? []),
    );
    const { computeEnvironments = [] } = await client.send(
      new DescribeComputeEnvironmentsCommand({ computeEnvironments: names }),
    );
    const jobs: Facts["jobs"][number][] = [];
    const ofRun = runId === undefined ? [] : queues;
    for (const jobQueue of ofRun) {
      const filters = [{ name: "JOB_NAME", values: [`${jobName(runId!, "")}*`] }];
      const parents = await client.send(new ListJobsCommand({ jobQueue, filters }));
      for (const parent of parents.jobSummaryList ?? []) {
        const children: JobSummary[] = parent.arrayProperties ? [] : [parent];
        for (const jobStatus of ["RUNNABLE", "FAILED"] as const) {
          if (!parent.arrayProperties) continue;
          const listed = await client.send(
            new ListJobsCommand({ arrayJobId: parent.jobId, jobStatus }),
          );
          children.push(...(listed.jobSummaryList ?? []));
        }
        for (const child of children) {
          jobs.push({
            name: `${parent.jobName ?? ""}${child.arrayProperties?.index === undefined ? "" : `:${child.arrayProperties.index}`}`,
            status: child.status ?? "",
            statusReason: child.statusReason ?? "",
            containerReason: child.container?.reason ?? "",
            exitCode: child.container?.exitCode,
            createdAt: child.createdAt ?? parent.createdAt ?? 0,
            attempts: 1,
          });
        }
      }
    }
    return {
      environments: computeEnvironments.map((environment) => ({
        name: environment.computeEnvironmentName ?? "",
        status: environment.status ?? "",
        statusReason: environment.statusReason ?? "",
        state: environment.state ?? "",
        maxVcpus: environment.computeResources?.maxvCpus ?? 0,
      })),
      jobs,
    };
  } catch (thrown) {
    throw failureOf(thrown, "AWS Batch");
  } finally {
    client.destroy();
  }
}

function common(
  job: Pick<JobDetail | JobSummary, "status" | "statusReason" | "startedAt" | "stoppedAt">,
  exitCode: number | undefined,
  reason: string | undefined,
): Omit<BatchJob, "shard"> {
  return {
    status: job.status ?? "SUBMITTED",
    exitCode,
    reason: [job.statusReason, reason].filter(Boolean).join("; "),
    startedAt: job.startedAt,
    stoppedAt: job.stoppedAt,
  };
}

/** An error of the SDK in Quarry's words. */
function failureOf(thrown: unknown, service: string): Error {
  const error = thrown as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = error.$metadata?.httpStatusCode;
  const said = messageOf(thrown);
  if (
    /CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidSignature/.test(error.name)
  ) {
    return new SourceRejected(
      `${service} does not know us (${said}): the AWS credentials are missing or expired; log in and try again.`,
      { cause: thrown },
    );
  }
  if (/AccessDenied/.test(error.name) || status === 403) {
    return new SourceRejected(
      `${service} refuses us (${said}): the role lacks a permission that the stack grants to its operators.`,
      { cause: thrown },
    );
  }
  if (/TooManyRequests|Throttl/.test(error.name) || status === 429) {
    return new SourceUnavailable(`${service} is asked too often (${said}); try again later.`, {
      cause: thrown,
      throttled: true,
    });
  }
  if (status === undefined || status >= 500) {
    return new SourceUnavailable(`${service} does not answer (${said}); try again later.`, {
      cause: thrown,
    });
  }
  return new SourceRejected(
    `${service} rejects the request (${said}): is the environment deployed in this region, queue, job definition and image?`,
    { cause: thrown },
  );
}
