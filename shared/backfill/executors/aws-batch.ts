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
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import PQueue from "p-queue";
import { jobs, type JobSpec } from "../../catalogue.ts";
import { systemClock, type Clock } from "../../clock.ts";
import { SourceUnavailable } from "../../errors.ts";
import { secondMs } from "../../units.ts";
import type { Facts } from "../doctor/rules.ts";
import { batchNames, type Deployment } from "../deployment.ts";
import { failureOf } from "./aws-account.ts";
import {
  jobName,
  orderStatus,
  partName,
  partsOf,
  submission,
  type BatchJob,
  type OrderPart,
} from "./batch-order.ts";
import type { Executor, OrderStatus } from "./executor.ts";

/** Times that a submit whose reply was lost is looked for, and pauses between: a new job is not listed at once. */
const looks = 4;

/** Jobs that one DescribeJobs takes. */
const describedAtOnce = 100;

/** Children that one array job holds. */
const arraySize = 10_000;

/** A job that was submitted, or found. */
interface Submitted {
  readonly id: string;
  /** Shard of its first child. */
  readonly offset: number;
}

/**
 * Children are containers on AWS Batch: an array job an order, several where it has too many children, on the Spot queue or
 * the one on demand.
 *
 * @param lookPauseMs between two looks for a job whose submit was not answered
 * @param most children of one array
 */
export function awsBatchExecutor(
  deployment: Deployment,
  clock: Clock = systemClock,
  lookPauseMs = 2 * secondMs,
  most = arraySize,
): Executor {
  const { region } = deployment;
  const batch = batchNames(deployment);
  const client = new BatchClient({ region, maxAttempts: 5 });
  // A submit that is sent again by the SDK would be two jobs.
  const submitter = new BatchClient({ region, maxAttempts: 1 });
  const queues = [batch.spotQueue, batch.onDemandQueue, batch.loaderQueue];
  const queueOf = ({ job, spot }: OrderPart): string => {
    const { clickhouse }: JobSpec = jobs[job];
    if (clickhouse === true) return batch.loaderQueue;
    return spot ? batch.spotQueue : batch.onDemandQueue;
  };
  const limiter = new PQueue({ concurrency: 4, interval: secondMs, intervalCap: 20 });
  const submitted = new Map<
    string,
    { readonly jobs: readonly Submitted[]; readonly vcpus: number }
  >();
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
    for (const jobQueue of queues) {
      const filters = [{ name: "JOB_NAME", values: [name] }];
      const reply = await ask(() => client.send(new ListJobsCommand({ jobQueue, filters })));
      found.push(...(reply.jobSummaryList ?? []));
    }
    found.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
    return found[0]?.jobId;
  };

  /** The jobs of an order: those it was given, else those it finds. */
  const jobsOfOrder = async (
    runId: string,
    order: string,
  ): Promise<{ readonly jobs: readonly Submitted[]; readonly vcpus: number }> => {
    const known = submitted.get(jobName(runId, order));
    if (known) return known;
    const jobs: Submitted[] = [];
    for (let part = 0; ; part++) {
      const id = await find(jobName(runId, partName(order, part)));
      if (id === undefined) return { jobs, vcpus: 1 };
      jobs.push({ id, offset: part * most });
    }
  };

  const send = async (order: OrderPart, signal: AbortSignal): Promise<string> => {
    const name = jobName(order.runId, order.name);
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const reply = await submitter.send(
          new SubmitJobCommand({
            ...submission(order),
            jobQueue: queueOf(order),
            jobDefinition: batch.jobDefinition(order.job),
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

  const describe = async (ids: readonly string[]): Promise<JobDetail[]> => {
    const details: JobDetail[] = [];
    for (let at = 0; at < ids.length; at += describedAtOnce) {
      const jobs = ids.slice(at, at + describedAtOnce);
      const reply = await ask(() => client.send(new DescribeJobsCommand({ jobs })));
      details.push(...(reply.jobs ?? []));
    }
    return details;
  };

  const jobsOf = async (job: JobDetail, offset: number): Promise<BatchJob[]> => {
    const size = job.arrayProperties?.size;
    if (size === undefined) return [{ ...common(job, exitOf(job)), shard: offset }];
    const children = await childrenOf(job.jobId!);
    // A list says nothing of how a container ended; of those that failed it matters.
    const failed = children.flatMap(({ status, jobId }) => (status === "FAILED" ? [jobId!] : []));
    const exits = new Map(
      (await describe(failed)).map((detail) => [detail.jobId!, exitOf(detail)]),
    );
    const listed = children.map((child) => ({
      ...common(child, exits.get(child.jobId!)),
      shard: offset + (child.arrayProperties?.index ?? 0),
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
    async submit(order, signal) {
      const jobs: Submitted[] = [];
      for (const part of partsOf(order, most)) {
        const known = await find(jobName(part.runId, part.name));
        jobs.push({ id: known ?? (await send(part, signal)), offset: part.offset });
      }
      submitted.set(jobName(order.runId, order.name), { jobs, vcpus: order.vcpus });
    },

    async status(runId, names) {
      const orders = [];
      for (const name of names) orders.push({ name, ...(await jobsOfOrder(runId, name)) });
      const ids = orders.flatMap(({ jobs }) => jobs.map(({ id }) => id));
      const details = new Map((await describe(ids)).map((job) => [job.jobId!, job]));
      const found: OrderStatus[] = [];
      for (const { name, jobs, vcpus } of orders) {
        const known = jobs.flatMap(({ id, offset }) => {
          const detail = details.get(id);
          return detail ? [{ detail, offset }] : [];
        });
        // Of an order that is not listed whole yet nothing can be said.
        if (known.length < jobs.length || jobs.length === 0) continue;
        const children: BatchJob[] = [];
        for (const { detail, offset } of known) children.push(...(await jobsOf(detail, offset)));
        found.push(orderStatus(name, children, vcpus, clock.now()));
      }
      return found;
    },

    async cancel(runId, names, reason) {
      for (const name of names) {
        for (const { id: jobId } of (await jobsOfOrder(runId, name)).jobs) {
          await ask(() => client.send(new TerminateJobCommand({ jobId, reason })));
        }
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
  deployment: Deployment,
  runId: string | undefined,
): Promise<Pick<Facts, "environments" | "jobs" | "quotas">> {
  const { region } = deployment;
  const batch = batchNames(deployment);
  const client = new BatchClient({ region });
  try {
    const quotas = await fargateQuotas(region);
    const queues = [batch.spotQueue, batch.onDemandQueue, batch.loaderQueue];
    const { jobQueues = [] } = await client.send(
      new DescribeJobQueuesCommand({ jobQueues: queues }),
    );
    const names = jobQueues.flatMap(({ computeEnvironmentOrder = [] }) =>
      computeEnvironmentOrder.flatMap(({ computeEnvironment }) => computeEnvironment ?? []),
    );
    const { computeEnvironments = [] } = await client.send(
      new DescribeComputeEnvironmentsCommand({ computeEnvironments: names }),
    );
    const facts: Facts["jobs"][number][] = [];
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
        // The first hundred say what is wrong.
        const some = children.slice(0, describedAtOnce);
        if (some.length === 0) continue;
        const described = await client.send(
          new DescribeJobsCommand({ jobs: some.map(({ jobId }) => jobId!) }),
        );
        for (const child of described.jobs ?? []) {
          const { exitCode, reason = "" } = exitOf(child);
          const index = child.arrayProperties?.index;
          facts.push({
            name: `${parent.jobName ?? ""}${index === undefined ? "" : `:${index}`}`,
            status: child.status ?? "",
            statusReason: child.statusReason ?? "",
            containerReason: reason,
            exitCode,
            createdAt: child.createdAt ?? parent.createdAt ?? 0,
            attempts: child.attempts?.length ?? 1,
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
      jobs: facts,
      quotas,
    };
  } catch (thrown) {
    throw failureOf(thrown, "AWS Batch");
  } finally {
    client.destroy();
  }
}

/** Codes of the account's vCPU counts. */
const fargate = { "Fargate Spot": "L-36FBB829", "Fargate on demand": "L-3032A538" };

/** vCPUs that Fargate gives the account at once; none where the role may not ask. */
async function fargateQuotas(region: string): Promise<Facts["quotas"]> {
  const client = new ServiceQuotasClient({ region });
  const quotas: Facts["quotas"][number][] = [];
  try {
    for (const [name, QuotaCode] of Object.entries(fargate)) {
      const asked = new GetServiceQuotaCommand({ ServiceCode: "fargate", QuotaCode });
      const value = (await client.send(asked)).Quota?.Value;
      if (value !== undefined) quotas.push({ name, vcpus: value });
    }
    return quotas;
  } catch (thrown) {
    if (thrown instanceof Error && /AccessDenied|NoSuchResource/.test(thrown.name)) return quotas;
    throw failureOf(thrown, "Service Quotas");
  } finally {
    client.destroy();
  }
}

/** How a job's container ended. */
interface Exit {
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** How the container of a job ended: of a task of ECS properties, or of a plain one. */
function exitOf({ ecsProperties, container }: JobDetail): Exit {
  const { exitCode, reason } =
    ecsProperties?.taskProperties?.[0]?.containers?.[0] ?? container ?? {};
  return { exitCode, reason };
}

function common(
  job: Pick<JobDetail | JobSummary, "status" | "statusReason" | "startedAt" | "stoppedAt">,
  { exitCode, reason }: Partial<Exit> = {},
): Omit<BatchJob, "shard"> {
  return {
    status: job.status ?? "SUBMITTED",
    exitCode,
    reason: [job.statusReason, reason].filter(Boolean).join("; "),
    startedAt: job.startedAt,
    stoppedAt: job.stoppedAt,
  };
}
