import { hourMs, minuteMs } from "../../units.ts";

/** What is wrong, in one sentence, and what to do about it. */
export interface Finding {
  readonly rule: string;
  readonly sentence: string;
  readonly remedy: string;
}

/** What Batch says of a queue's compute environment. */
export interface ComputeEnvironmentFacts {
  readonly name: string;
  readonly status: string;
  readonly statusReason: string;
  readonly state: string;
  readonly maxVcpus: number;
}

/** What Batch says of a job or a child. */
export interface JobFacts {
  readonly name: string;
  readonly status: string;
  readonly statusReason: string;
  readonly containerReason: string;
  readonly exitCode: number | undefined;
  /** Ms since 1970 UTC. */
  readonly createdAt: number;
  readonly attempts: number;
}

/** What is looked at. */
export interface Facts {
  readonly nowMs: number;
  /** The store's clock less ours, ms. */
  readonly clockSkewMs: number;
  readonly lanes: readonly {
    readonly key: string;
    readonly holder: string;
    readonly alive: boolean;
    readonly leftMs: number;
  }[];
  /** Runs that say that they run, and nobody coordinates them. */
  readonly deadRuns: readonly string[];
  readonly environments: readonly ComputeEnvironmentFacts[];
  readonly jobs: readonly JobFacts[];
  /** What the account may have at once of something, by the quota's name; those that nobody may ask for are left out. */
  readonly quotas: readonly { readonly name: string; readonly vcpus: number }[];
  /** vCPUs that the plan wants at once. */
  readonly vcpusWanted: number;
}

export type Rule = (facts: Facts) => Finding[];

/** Waiting for this long is no start-up any more. */
const longRunnableMs = 15 * minuteMs;

/** S3 refuses requests signed by a clock that is this far off. */
const mostSkewMs = 5 * minuteMs;

const withReason = (facts: Facts, pattern: RegExp): JobFacts[] =>
  facts.jobs.filter(({ statusReason, containerReason }) =>
    pattern.test(`${statusReason} ${containerReason}`),
  );

/** A finding a job that a pattern matches, for the first of them; how many there are is in the sentence. */
function byReason(
  rule: string,
  pattern: RegExp,
  what: (job: JobFacts, count: number) => string,
  remedy: string,
): Rule {
  return (facts) => {
    const jobs = withReason(facts, pattern);
    return jobs.length === 0 ? [] : [{ rule, sentence: what(jobs[0]!, jobs.length), remedy }];
  };
}

/** All rules, in the order in which their findings are read. */
export const rules: readonly Rule[] = [
  ({ environments }) =>
    environments
      .filter(({ status }) => status === "INVALID")
      .map(({ name, statusReason }) => ({
        rule: "environment-invalid",
        sentence: `Compute environment ${name} is INVALID: ${statusReason || "Batch does not say why"}.`,
        remedy: /role|assume/i.test(statusReason)
          ? 'Its role can\'t be used: run "pulumi up", which makes the role and its trust anew.'
          : 'Run "pulumi up"; an environment that stays INVALID is replaced by it.',
      })),
  ({ environments }) =>
    environments
      .filter(({ state }) => state === "DISABLED")
      .map(({ name }) => ({
        rule: "environment-disabled",
        sentence: `Compute environment ${name} is disabled: nothing starts in it.`,
        remedy: "Enable it in the configuration of the stack.",
      })),
  ({ jobs, environments, nowMs }) =>
    jobs
      .filter(
        ({ status, createdAt }) => status === "RUNNABLE" && nowMs - createdAt > longRunnableMs,
      )
      .slice(0, 1)
      .map(({ name, createdAt, statusReason }) => {
        const minutes = Math.round((nowMs - createdAt) / minuteMs);
        const room = environments.reduce((sum, { maxVcpus }) => sum + maxVcpus, 0);
        const capacity = /CAPACITY/i.test(statusReason);
        return {
          rule: "runnable-for-long",
          sentence: `${name} has been RUNNABLE for ${minuteOr(minutes)}${statusReason ? `: ${statusReason}` : ""}.`,
          remedy: capacity
            ? "There is no Spot capacity: leftovers go to the on-demand queue by themselves; more instance types or zones help."
            : room === 0
              ? "The queue has no compute environment with room: raise maxVcpus in the configuration of the stack."
              : "It waits for its turn in the fair share: others go first, or maxVcpus is reached.",
        };
      }),
  byReason(
    "spot-interruptions",
    /Your Spot Task was interrupted|Host EC2 \(instance [^)]*\) terminated/,
    (job, count) => `Spot took ${count} ${count === 1 ? "child" : "children"} away (${job.name}).`,
    "Batch runs them again, and what is left goes to the on-demand queue; nothing is lost.",
  ),
  ({ jobs }) => {
    const killed = jobs.filter(
      ({ exitCode, containerReason }) =>
        /OutOfMemory/i.test(containerReason) || (exitCode === 137 && containerReason !== ""),
    );
    return killed.slice(0, 1).map(({ name }) => ({
      rule: "out-of-memory",
      sentence: `${killed.length} ${killed.length === 1 ? "child was" : "children were"} killed for memory (${name}).`,
      remedy: "Raise memoryMiB of the job in shared/catalogue.ts, and deploy.",
    }));
  },
  byReason(
    "image-not-pulled",
    /CannotPullContainerError|CannotPullImage/,
    (job) =>
      `The image of ${job.name} can't be pulled: ${job.statusReason || job.containerReason}.`,
    'Push the image and run "pulumi up"; a private subnet needs a route to the registry.',
  ),
  byReason(
    "secret-not-read",
    /ResourceInitializationError.*secret|unable to (pull|retrieve) secret/i,
    (job) => `A secret of ${job.name} can't be read: ${job.statusReason || job.containerReason}.`,
    "The execution role needs secretsmanager:GetSecretValue on it, and the secret a value.",
  ),
  byReason(
    "throttled",
    /TooManyRequests|Throttling|rate exceeded/i,
    (job, count) => `AWS throttled ${count} calls (${job.name}).`,
    "Fewer children at once, or a higher quota; calls are tried again with a pause.",
  ),
  byReason(
    "no-route",
    /ENETUNREACH|EAI_AGAIN|ETIMEDOUT|connect timeout/i,
    (job) => `${job.name} has no route to the vendor: ${job.containerReason || job.statusReason}.`,
    "A task in a private subnet needs the NAT gateway, one in a public subnet a public address.",
  ),
  ({ quotas, vcpusWanted }) =>
    quotas
      .filter(({ vcpus }) => vcpusWanted > vcpus)
      .map(({ name, vcpus }) => ({
        rule: "quota",
        sentence: `The plan wants ${vcpusWanted} vCPUs at once, the account may have ${vcpus} (${name}).`,
        remedy: "Ask for a higher Fargate quota in Service Quotas, or lower maxVcpus.",
      })),
  ({ clockSkewMs }) =>
    Math.abs(clockSkewMs) > mostSkewMs
      ? [
          {
            rule: "clock-skew",
            sentence: `This machine's clock is ${Math.round(Math.abs(clockSkewMs) / minuteMs)} minutes ${clockSkewMs > 0 ? "behind" : "ahead of"} the object store's.`,
            remedy:
              "Set the clock: AWS refuses signatures that are five minutes off. Leases are judged by the store's clock, so no data is wrong.",
          },
        ]
      : [],
  ({ lanes }) =>
    lanes
      .filter(({ alive, leftMs }) => !alive && leftMs > 0)
      .map(({ key, holder, leftMs }) => ({
        rule: "lane-held-by-the-dead",
        sentence: `Slot ${key} is held by ${holder}, which is dead.`,
        remedy: `Nothing: whoever asks next on its machine takes it at once, others in ${Math.ceil(leftMs / 1000)} s.`,
      })),
  ({ deadRuns }) =>
    deadRuns.map((runId) => ({
      rule: "run-without-coordinator",
      sentence: `Run ${runId} says that it runs, and nobody works on it.`,
      remedy: `Go on with "quarry retry ${runId}".`,
    })),
];

const minuteOr = (minutes: number): string =>
  minutes * minuteMs >= hourMs ? `${(minutes / 60).toFixed(1)} h` : `${minutes} minutes`;

/** What is wrong, by all rules. */
export function examine(facts: Facts): Finding[] {
  return rules.flatMap((rule) => rule(facts));
}
