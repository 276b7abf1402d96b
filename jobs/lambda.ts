import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { Failed, InvalidInput, SourceRejected } from "../shared/errors.ts";
import { bases, type Basis } from "../shared/warehouse/tables/price-sources.ts";
import type { Deps } from "./deps.ts";
import { identityOfKey, identityOfSidecar, type ReportIdentity } from "./read-report/identify.ts";
import { runRegistered } from "./registry.ts";

/** What Lambda tells of an invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  /** Ms until Lambda ends the process. */
  getRemainingTimeInMillis(): number;
}

/** Something that is too big for here, and is done by Batch. */
export interface Elsewhere {
  readonly job: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** What the handler works with. */
export interface LambdaDeps {
  /** Opens the stores for one run; the warehouse is a server, as no two Lambdas could share an embedded one. */
  open(runId: string): Promise<{ deps: Deps; close: () => Promise<void> }>;
  /** Writes an object of a bucket to a file; false when it is gone. */
  fetchObject(bucket: string, key: string, path: string): Promise<boolean>;
  /** Hands work over to Batch. */
  submitElsewhere(order: Elsewhere): Promise<void>;
  /** Bytes above which an inbox file goes elsewhere. */
  readonly mostBytes: number;
  /** The same of a report. */
  readonly mostReportBytes: number;
}

/** What an invocation did, per thing that it was asked. */
export interface Handled {
  /** `left`: time ran out; what is left is for the next. `elsewhere`: handed over. `ignored`: no file of the inbox. */
  readonly state: "done" | "left" | "elsewhere" | "ignored";
  readonly what: string;
  readonly report?: object;
}

/** Kept back for the load and the closing of stores. */
const reserveMs = 60_000;
/** Kept back for closing alone. */
const lastMs = 10_000;

const schedule = z.object({ job: z.string(), arguments: z.record(z.string(), z.unknown()) });
const eventBridge = z.object({
  "detail-type": z.literal("Object Created"),
  time: z.string().optional(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.number() }),
  }),
});
const notification = z.object({
  Records: z.array(
    z.object({
      eventTime: z.string().optional(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), size: z.number() }),
      }),
    }),
  ),
});

interface InboxFile {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** When it came, as its event says, ISO 8601; undefined when it does not. */
  readonly came: string | undefined;
}

/**
 * Answers an invocation: what EventBridge Scheduler asks for, or files that were dropped into the inbox. Events come at least
 * once and in any order: work is idempotent, by the content of files.
 *
 * @throws whatever failed, so that Lambda's callers see a failure and try again
 */
export async function handle(
  event: unknown,
  invocation: Invocation,
  deps: LambdaDeps,
): Promise<Handled[]> {
  const scheduled = schedule.safeParse(event);
  if (scheduled.success) {
    const { job, arguments: args } = scheduled.data;
    return [await runJob(job, args, invocation, deps)];
  }
  const files = filesOf(event);
  if (files === undefined) {
    throw new InvalidInput(
      'Expected {"job", "arguments"}, an "Object Created" event or S3 records, got something else.',
    );
  }
  const handled: Handled[] = [];
  for (const file of files) handled.push(await takeIn(file, invocation, deps));
  return handled;
}

function filesOf(event: unknown): InboxFile[] | undefined {
  const created = eventBridge.safeParse(event);
  if (created.success) {
    const { detail, time } = created.data;
    return [{ bucket: detail.bucket.name, ...detail.object, came: time }];
  }
  const records = notification.safeParse(event);
  // S3's own notifications write keys as forms do; EventBridge leaves them as they are.
  return records.success
    ? records.data.Records.map(({ s3, eventTime }) => ({
        bucket: s3.bucket.name,
        key: decodeURIComponent(s3.object.key.replaceAll("+", " ")),
        size: s3.object.size,
        came: eventTime,
      }))
    : undefined;
}

/** `inbox/prices/<source>/<basis>/<file>` */
function placeOf(key: string): { source: string; basis: Basis } | undefined {
  const [, source, basis] = /^inbox\/prices\/([^/]+)\/([^/]+)\/[^/]+$/.exec(key) ?? [];
  const known = bases.find((one) => one === basis);
  return source === undefined || known === undefined ? undefined : { source, basis: known };
}

async function takeIn(file: InboxFile, invocation: Invocation, deps: LambdaDeps): Promise<Handled> {
  const what = `s3://${file.bucket}/${file.key}`;
  if (/^(?:inbox\/)?reports\/.*\.pdf$/i.test(file.key)) return takeInReport(file, invocation, deps);
  const place = placeOf(file.key);
  if (place === undefined) return { state: "ignored", what };
  if (file.size > deps.mostBytes) {
    const reason = `${file.size} bytes are more than ${deps.mostBytes}`;
    await deps.submitElsewhere({ job: "import prices", args: { ...place, files: [what] }, reason });
    return { state: "elsewhere", what };
  }
  const folder = await mkdtemp(join(tmpdir(), "quarry-inbox-"));
  try {
    const path = join(folder, basename(file.key));
    if (!(await deps.fetchObject(file.bucket, file.key, path))) {
      throw new Failed(`${what} is gone: put it there again, or take the event out of the queue.`);
    }
    return {
      ...(await runJob("import prices", { ...place, files: [path] }, invocation, deps)),
      what,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A report says whose it is by its key, or a file `name.json` beside it does. */
async function takeInReport(
  file: InboxFile,
  invocation: Invocation,
  deps: LambdaDeps,
): Promise<Handled> {
  const what = `s3://${file.bucket}/${file.key}`;
  const folder = await mkdtemp(join(tmpdir(), "quarry-inbox-"));
  try {
    const identity = identityOfKey(file.key) ?? (await sidecarOf(file, folder, deps));
    // Whenever it is read, it is known from when it came.
    const { came } = file;
    const order = {
      path: what,
      file: what,
      ...(identity && { identity }),
      ...(came !== undefined && { came }),
    };
    if (file.size > deps.mostReportBytes) {
      const reason = `${file.size} bytes are more than ${deps.mostReportBytes}`;
      await deps.submitElsewhere({ job: "read report", args: order, reason });
      return { state: "elsewhere", what };
    }
    const path = join(folder, basename(file.key));
    if (!(await deps.fetchObject(file.bucket, file.key, path))) {
      throw new Failed(`${what} is gone: put it there again, or take the event out of the queue.`);
    }
    return { ...(await runJob("read report", { ...order, path }, invocation, deps)), what };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sidecarOf(
  { bucket, key }: InboxFile,
  folder: string,
  deps: LambdaDeps,
): Promise<ReportIdentity | undefined> {
  const path = join(folder, "sidecar.json");
  try {
    const there = await deps.fetchObject(bucket, key.replace(/\.pdf$/i, ".json"), path);
    return there ? identityOfSidecar(await readFile(path, "utf8")) : undefined;
  } catch (thrown) {
    // Whoever may not list a bucket is told so of what is not there.
    if (thrown instanceof SourceRejected) return undefined;
    throw thrown;
  }
}

async function runJob(
  name: string,
  args: Readonly<Record<string, unknown>>,
  invocation: Invocation,
  lambda: LambdaDeps,
): Promise<Handled> {
  const { deps, close } = await lambda.open(
    `lambda${invocation.awsRequestId.replaceAll("-", "").slice(0, 16)}`,
  );
  try {
    if (deps.warehouse.kind === "embedded") {
      throw new SourceRejected(
        "On Lambda the warehouse is a server: set CLICKHOUSE_URL, as an embedded one would be gone with the process.",
      );
    }
    const leftMs = invocation.getRemainingTimeInMillis();
    const enough = AbortSignal.timeout(Math.max(0, leftMs - reserveMs));
    const signal = AbortSignal.timeout(Math.max(1, leftMs - lastMs));
    const report = await runRegistered(name, args, deps, signal, enough);
    const missing = (report as { missing?: readonly unknown[] }).missing ?? [];
    return { state: missing.length > 0 ? "left" : "done", what: name, report };
  } finally {
    await close();
  }
}
