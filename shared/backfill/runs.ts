import { z } from "zod";
import { InvalidInput, MalformedRecord } from "../errors.ts";
import type { ObjectStore } from "../objects/object-store.ts";

const version = 1;

const runSchema = z.object({
  version: z.number(),
  runId: z.string(),
  dataset: z.string(),
  source: z.string(),
  /** What was asked, as the command understood it. */
  parameters: z.record(z.string(), z.unknown()),
  codeVersion: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  executor: z.string(),
  /** Children that share the work, and slots of the lane that each takes. */
  children: z.number().int().positive(),
  slotsEach: z.number().int().positive(),
  /** What the plan said it would take. */
  estimate: z.record(z.string(), z.unknown()),
  /** Fetch units by key, and what else the dataset writes of them. */
  units: z.array(z.looseObject({ key: z.string() })),
});

/** A run as it was ordered; never changed. */
export type RunRecord = z.infer<typeof runSchema>;

const stateSchema = z.object({
  state: z.enum(["running", "done", "failed", "later", "cancelled"]),
  reason: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** What it took. */
  actuals: z.object({
    requests: z.number(),
    vcpuSeconds: z.number(),
    dollars: z.number(),
    seconds: z.number(),
  }),
});

/** How a run stands. */
export type RunState = z.infer<typeof stateSchema>;

const tallySchema = z.object({
  shard: z.number(),
  held: z.number(),
  done: z.number(),
  failed: z.number(),
  claimed: z.number(),
  missing: z.number(),
  requests: z.number(),
  ratePerSecond: z.number(),
  seconds: z.number(),
});

/** What one child has done so far. */
export type Tally = z.infer<typeof tallySchema>;

const folderOf = (runId: string): string => `runs/${runId}`;

/** The key of the lease of whoever coordinates a run. */
export const coordinatorKey = (runId: string): string => `${folderOf(runId)}/coordinator.json`;

const bytesOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

async function parsed<Value>(
  objects: ObjectStore,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Value | undefined> {
  const bytes = await objects.get(key);
  if (bytes === undefined) return undefined;
  const result = schema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (result.success) return result.data;
  throw new MalformedRecord(`${key}: it can't be read: ${result.error.issues[0]?.message ?? ""}.`);
}

/** Writes an object whatever was there before. */
async function put(objects: ObjectStore, key: string, value: unknown): Promise<void> {
  const bytes = bytesOf(value);
  for (;;) {
    if (await objects.putIfAbsent(key, bytes)) return;
    const before = await objects.read(key);
    if (before === undefined) continue;
    if (before.bytes.equals(bytes)) return;
    if (await objects.replace(key, bytes, before.version)) return;
  }
}

/** @returns false when a run of this id is there already */
export function putRun(objects: ObjectStore, run: Omit<RunRecord, "version">): Promise<boolean> {
  return objects.putIfAbsent(`${folderOf(run.runId)}/run.json`, bytesOf({ version, ...run }));
}

/**
 * A run.
 *
 * @throws InvalidInput for an id that no run has, and for a run of a newer version of the code
 */
export async function getRun(objects: ObjectStore, runId: string): Promise<RunRecord> {
  const run = /^[\w.-]+$/.test(runId)
    ? await parsed(objects, `${folderOf(runId)}/run.json`, runSchema)
    : undefined;
  if (run === undefined) {
    throw new InvalidInput(
      `Expected the id of a run in ${objects.location} ("quarry runs" lists them), got "${runId}".`,
    );
  }
  if (run.version > version) {
    throw new InvalidInput(
      `Run ${runId} was written by a newer version of Quarry (format ${run.version}, this one reads ${version}): update this one.`,
    );
  }
  return run;
}

const requestSchema = z.object({
  version: z.number(),
  dataset: z.string(),
  source: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  limits: z.object({ maxDuration: z.number().nullable(), budgetUsd: z.number().nullable() }),
});

/** What somebody else is to run: written before its coordinator is ordered. */
export type RunRequest = Omit<z.infer<typeof requestSchema>, "version">;

export async function putRequest(
  objects: ObjectStore,
  runId: string,
  request: RunRequest,
): Promise<void> {
  await objects.putIfAbsent(`${folderOf(runId)}/request.json`, bytesOf({ version, ...request }));
}

/** @throws InvalidInput for a run that nobody requested */
export async function getRequest(objects: ObjectStore, runId: string): Promise<RunRequest> {
  const request = await parsed(objects, `${folderOf(runId)}/request.json`, requestSchema);
  if (request !== undefined && request.version <= version) return request;
  throw new InvalidInput(
    `Expected the id of a run that was requested in ${objects.location}, got "${runId}".`,
  );
}

/** True for a run that was requested, and whose coordinator has not written it down yet. */
export async function isOrdered(objects: ObjectStore, runId: string): Promise<boolean> {
  if (!/^[\w.-]+$/.test(runId)) return false;
  const [request, run] = await Promise.all(
    ["request", "run"].map((name) => objects.get(`${folderOf(runId)}/${name}.json`)),
  );
  return request !== undefined && run === undefined;
}

/** The ids of all runs, oldest first. */
export async function runIds(objects: ObjectStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const key of objects.list("runs/")) {
    const id = /^runs\/([^/]+)\/run\.json$/.exec(key)?.[1];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

export function putState(objects: ObjectStore, runId: string, state: RunState): Promise<void> {
  return put(objects, `${folderOf(runId)}/state.json`, state);
}

export function stateOf(objects: ObjectStore, runId: string): Promise<RunState | undefined> {
  return parsed(objects, `${folderOf(runId)}/state.json`, stateSchema);
}

export function putTally(
  objects: ObjectStore,
  runId: string,
  name: string,
  tally: Tally,
): Promise<void> {
  return put(objects, `${folderOf(runId)}/children/${name}.json`, tally);
}

/** What all children of a run have done so far. */
export async function talliesOf(objects: ObjectStore, runId: string): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for await (const key of objects.list(`${folderOf(runId)}/children/`)) {
    const tally = await parsed(objects, key, tallySchema);
    if (tally) tallies.push(tally);
  }
  return tallies;
}

/** Asks whoever works on a run to stop. */
export async function requestCancel(
  objects: ObjectStore,
  runId: string,
  reason: string,
): Promise<void> {
  await objects.putIfAbsent(`${folderOf(runId)}/cancel.json`, bytesOf({ reason }));
}

/** Why a run is to stop; undefined when nobody asked for it. */
export async function cancelReason(
  objects: ObjectStore,
  runId: string,
): Promise<string | undefined> {
  const schema = z.object({ reason: z.string() });
  return (await parsed(objects, `${folderOf(runId)}/cancel.json`, schema))?.reason;
}
