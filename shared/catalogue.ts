/**
 * What there is to run, as data: the one contract between the deployment and the jobs. No code, no imports.
 */

/** A source's budget over all who ask it. */
export interface LaneSpec {
  /** Requests a second that we keep to, or tokens. */
  readonly ratePerSecond: number;
  /** What the rate counts where it is no requests. */
  readonly unit?: "tokens";
  /** Parts that the budget is cut into: as many may ask at once, wherever they are. */
  readonly slots: number;
}

export const lanes = {
  /** Unofficial, and shared by everybody behind an address: no limit is published. */
  yahoo: { ratePerSecond: 5, slots: 4 },
  /** EDGAR allows 10 from an address, and has banned clients at 9.7. */
  edgar: { ratePerSecond: 8, slots: 4 },
  /** A development key may ask 100 times a minute. */
  tavily: { ratePerSecond: 1.5, slots: 2 },
  /** Each account has tokens a minute of its own for each model. */
  bedrock: { ratePerSecond: 200_000 / 60, slots: 2, unit: "tokens" },
} as const satisfies Record<string, LaneSpec>;

export type LaneName = keyof typeof lanes;

/** What a fetch unit of a dataset takes; means over what was measured. */
export interface UnitCost {
  readonly requests: number;
  /** Bytes that come over the network, compressed as the vendor sends them. */
  readonly bytes: number;
  /** Seconds of one core to read and write it, waiting left out. */
  readonly cpuSeconds: number;
  /** The same for each million rows that it reads, where it goes by them. */
  readonly cpuSecondsPerMillionRows?: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** A dataset that is filled by fetch units. */
export interface DatasetSpec {
  readonly job: JobName;
  readonly lane: LaneName | undefined;
  /** What its keys are, what a fetch unit is, and where its windows begin: of the dataset, not of a run. */
  readonly grid: { readonly key: string; readonly unit: string; readonly years: number };
  /** When a unit is done. */
  readonly complete: string;
  readonly cost: UnitCost;
}

/** A key of a vendor: a secret that its owner made, and whose name the configuration tells. */
export type SecretName = "tavily-key";

/** When a job runs by itself. */
export interface ScheduleSpec {
  /** EventBridge Scheduler's expression, New York time. */
  readonly expression: string;
  /** It may begin so many minutes later. */
  readonly flexibleMinutes: number;
  /** Job and arguments, as `jobs/registry.ts` reads them. */
  readonly input: { readonly job: string; readonly arguments: Readonly<Record<string, unknown>> };
}

/** What a job asks of the machine it runs on, and of what is around it. */
export interface JobSpec {
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Heavy work runs on Batch, light daily work on Lambda; some is either, by its size. */
  readonly runsOn: readonly ("batch" | "lambda")[];
  /** Folders of the object store that it writes to; it may read all of it. */
  readonly writes: readonly string[];
  /** True when it opens ClickHouse. */
  readonly clickhouse?: boolean;
  /** True when it asks a vendor: its address may have to be on a list of theirs. */
  readonly vendor?: boolean;
  /** True when it orders other jobs on Batch. */
  readonly orders?: boolean;
  /** True when it asks the language model that the configuration names. */
  readonly model?: boolean;
  /** True when it brings tables to the lake and to Redshift, as far as the deployment has them. */
  readonly publishes?: boolean;
  /** Keys of vendors that it needs. */
  readonly secrets?: readonly SecretName[];
  readonly schedule?: ScheduleSpec;
  /** Files of the inbox that start it, by the beginning of their keys and perhaps their ends. */
  readonly inbox?: { readonly prefix: string; readonly suffixes?: readonly string[] };
  /** The beginning of the inbox's keys that it looks through, to order what reads them. */
  readonly looksThrough?: string;
}

/** What whoever buys units writes: replies, what was read from them, and the ledger. */
const bought = ["captures", "columns", "ledger", "claims", "lanes", "runs"] as const;
const made = ["columns", "measurements", "ledger", "claims", "runs"] as const;
const all = [...bought, "ledger-index", "leases", "panels", "measurements"] as const;

export const jobs = {
  "backfill-prices": {
    vcpus: 0.5,
    memoryMiB: 1024,
    timeoutSeconds: 2400,
    runsOn: ["batch"],
    writes: bought,
    vendor: true,
  },
  /** Asks EDGAR, or reads a nightly zip of the whole market. */
  "backfill-facts": {
    vcpus: 1,
    memoryMiB: 2048,
    timeoutSeconds: 3600,
    runsOn: ["batch"],
    writes: bought,
    vendor: true,
  },
  /** Documents of filings, and their text by item. */
  "backfill-filings": {
    vcpus: 0.5,
    memoryMiB: 2048,
    timeoutSeconds: 2400,
    runsOn: ["batch"],
    writes: bought,
    vendor: true,
  },
  /** News of companies. */
  "backfill-news": {
    vcpus: 0.25,
    memoryMiB: 1024,
    timeoutSeconds: 2400,
    runsOn: ["batch"],
    writes: bought,
    vendor: true,
    secrets: ["tavily-key"],
  },
  /** The sentiment of news, a day's stories at a time. */
  "score-news": {
    vcpus: 0.5,
    memoryMiB: 1024,
    timeoutSeconds: 2400,
    runsOn: ["batch"],
    writes: ["columns", "scores", "ledger", "claims", "lanes", "runs"],
    model: true,
  },
  "compute-factors": {
    vcpus: 1,
    memoryMiB: 4096,
    timeoutSeconds: 3600,
    runsOn: ["batch"],
    writes: made,
  },
  "evaluate-factors": {
    vcpus: 1,
    memoryMiB: 8192,
    timeoutSeconds: 3600,
    runsOn: ["batch"],
    writes: made,
  },
  /** Takes in a file of the inbox; on Batch what is too big for Lambda. */
  inbox: {
    vcpus: 2,
    memoryMiB: 8192,
    timeoutSeconds: 14_400,
    runsOn: ["batch", "lambda"],
    writes: ["leases"],
    clickhouse: true,
    orders: true,
    inbox: { prefix: "inbox/prices/" },
  },
  /** The newest sessions of all securities that trade. */
  "daily-prices": {
    vcpus: 2,
    memoryMiB: 3008,
    timeoutSeconds: 900,
    runsOn: ["lambda"],
    writes: all,
    clickhouse: true,
    vendor: true,
    schedule: {
      expression: "cron(0 18 ? * MON-FRI *)",
      flexibleMinutes: 15,
      input: { job: "backfill prices", arguments: { from: "-10d", to: "session" } },
    },
  },
  /** What was reported since the last business days, by the daily indexes. EDGAR's index of a day is there in the night. */
  "daily-facts": {
    vcpus: 2,
    memoryMiB: 3008,
    timeoutSeconds: 900,
    runsOn: ["lambda"],
    writes: all,
    clickhouse: true,
    vendor: true,
    schedule: {
      expression: "cron(0 5 ? * TUE-SAT *)",
      flexibleMinutes: 15,
      input: { job: "backfill facts", arguments: { since: "-4d" } },
    },
  },
  /** News of the last days of all securities that trade, and their sentiment. */
  "daily-news": {
    vcpus: 2,
    memoryMiB: 3008,
    timeoutSeconds: 900,
    runsOn: ["lambda"],
    writes: [...all, "scores"],
    clickhouse: true,
    vendor: true,
    model: true,
    secrets: ["tavily-key"],
    schedule: {
      expression: "cron(0 17 ? * MON-FRI *)",
      flexibleMinutes: 15,
      input: { job: "daily news", arguments: { days: 3 } },
    },
  },
  /** Annual reports that were dropped into the inbox; on Batch what is too big for Lambda. */
  "read-report": {
    vcpus: 2,
    memoryMiB: 8192,
    timeoutSeconds: 7200,
    runsOn: ["batch", "lambda"],
    writes: ["captures", "columns", "scores", "ledger", "claims", "lanes", "runs"],
    clickhouse: true,
    orders: true,
    model: true,
    inbox: { prefix: "reports/", suffixes: [".pdf"] },
  },
  /** Brings tables of the warehouse to the lake and to Redshift. */
  publish: {
    vcpus: 2,
    memoryMiB: 8192,
    timeoutSeconds: 14_400,
    runsOn: ["batch"],
    writes: ["leases", "publishes"],
    clickhouse: true,
    publishes: true,
  },
  /** Drives a run and loads what it brought; waits most of the time. */
  coordinator: {
    vcpus: 1,
    memoryMiB: 8192,
    timeoutSeconds: 86_400,
    runsOn: ["batch"],
    writes: all,
    clickhouse: true,
    vendor: true,
    orders: true,
    looksThrough: "reports/",
  },
} as const satisfies Record<string, JobSpec>;

export type JobName = keyof typeof jobs;

export const datasets = {
  prices: {
    job: "backfill-prices",
    lane: "yahoo",
    grid: {
      key: "ticker",
      unit: "a ticker's history from a decade's first day to now",
      years: 10,
    },
    complete: "the last expected session is there, and all splits up to the last trade are listed",
    cost: { requests: 1, bytes: 180_000, cpuSeconds: 0.02, tokensIn: 0, tokensOut: 0 },
  },
  facts: {
    job: "backfill-facts",
    lane: "edgar",
    grid: {
      key: "CIK",
      unit: "all that a company has reported, or a zip of all companies",
      years: 1,
    },
    complete: "read to the last filing day before it was asked for, with the filings' times",
    cost: { requests: 3, bytes: 200_000, cpuSeconds: 0.1, tokensIn: 0, tokensOut: 0 },
  },
  filings: {
    job: "backfill-filings",
    lane: "edgar",
    grid: {
      key: "accession",
      unit: "a filing's main document, and its exhibits that are PDF",
      years: 1,
    },
    complete: "the document is held; of a report its items are read",
    cost: { requests: 1, bytes: 145_000, cpuSeconds: 0.1, tokensIn: 0, tokensOut: 0 },
  },
  news: {
    job: "backfill-news",
    lane: "tavily",
    grid: {
      key: "ticker and topic",
      unit: "the newest articles about a company, as they are found on a day",
      years: 1,
    },
    complete: "asked on the day itself, for all days that are wanted",
    // Twice a recorded reply, which has ten articles; the seconds are those of simulated ones.
    cost: { requests: 1, bytes: 42_000, cpuSeconds: 0.005, tokensIn: 0, tokensOut: 0 },
  },
  scores: {
    job: "score-news",
    lane: "bedrock",
    grid: {
      key: "day and prompt",
      unit: "the stories that became known on a day, by one prompt and one model",
      years: 1,
    },
    complete: "each story of the day, as they are now, is scored, or can't be",
    // Means of 251 days of simulated news of 150 companies, 7.8 stories each; a plan counts the tokens of its own.
    cost: { requests: 8, bytes: 14_000, cpuSeconds: 0.015, tokensIn: 1900, tokensOut: 500 },
  },
  reports: {
    job: "read-report",
    lane: "bedrock",
    grid: {
      key: "ticker, period and file",
      unit: "an annual report, by our prompts and one model",
      years: 1,
    },
    complete: "the file as it is now is read and rated, or can't be",
    // Means of six annual reports of 75 to 260 pages: 9.3 parts, 126,000 tokens of text; of the room for notes half.
    cost: { requests: 10, bytes: 600_000, cpuSeconds: 1.5, tokensIn: 150_000, tokensOut: 25_000 },
  },
  factor_values: {
    job: "compute-factors",
    lane: undefined,
    grid: { key: "factor", unit: "a factor over the days that are asked for", years: 1 },
    complete:
      "made of the bars, corporate actions and order of sources that there are now, over all days",
    cost: {
      requests: 0,
      bytes: 0,
      cpuSeconds: 0.1,
      cpuSecondsPerMillionRows: 0.3,
      tokensIn: 0,
      tokensOut: 0,
    },
  },
  evaluations: {
    job: "evaluate-factors",
    lane: undefined,
    grid: { key: "factor", unit: "a factor over the days that are asked for", years: 1 },
    complete: "measured in this way from the values, prices and names that there are now",
    cost: {
      requests: 0,
      bytes: 0,
      cpuSeconds: 0.1,
      cpuSecondsPerMillionRows: 0.22,
      tokensIn: 0,
      tokensOut: 0,
    },
  },
} as const satisfies Record<string, DatasetSpec>;

export type DatasetName = keyof typeof datasets;

/** What tables are of: who may read a class may read all its tables. */
export type DataClass = "prices" | "research" | "alternative";

/** Tables that are published, by their names in the lake and in Redshift. */
export const published = {
  factor_values: { class: "research" },
  exposures: { class: "research" },
  evaluations: { class: "research" },
  evaluation_horizons: { class: "research" },
  bars: { class: "prices" },
  facts: { class: "research" },
  scores: { class: "alternative" },
  runs: { class: "research" },
  publishes: { class: "research" },
} as const satisfies Record<string, { readonly class: DataClass }>;

export type PublishedName = keyof typeof published;
