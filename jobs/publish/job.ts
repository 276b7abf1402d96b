import { mkdir } from "node:fs/promises";
import { withLease } from "../../shared/backfill/lease.ts";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import { openLake } from "../../shared/lake/open-lake.ts";
import { changeOf, publishTable, snapshotsOf } from "../../shared/lake/publish-table.ts";
import { orphansOf } from "../../shared/lake/orphans.ts";
import type { Lake } from "../../shared/lake/table-folder.ts";
import { publishedNames, publishedTables, type PublishedName } from "../../shared/lake/tables.ts";
import { newYorkInstant } from "../../shared/market/new-york.ts";
import { addDays, type TradingDay } from "../../shared/market/trading-day.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { dayMs, minuteMs } from "../../shared/units.ts";
import { addPublishes } from "../../shared/warehouse/tables/publishes.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";

export interface PublishArgs {
  /** A folder of this machine; `lake` or `redshift`: those of the environment. */
  readonly to: string;
  readonly datasets: readonly PublishedName[];
  /** What was known at the end of this day; all that is known by default. */
  readonly asOf: TradingDay | undefined;
  readonly dryRun: boolean;
  /** Instead: removes what no snapshot needs that is kept. */
  readonly clean?: boolean;
  /** Days for which snapshots are kept for who travels in time. */
  readonly keepDays: number;
}

/** What became of one table. */
export interface PublishedReport {
  readonly table: PublishedName;
  /** Partitions that were written, replaced ones included; that were there as they are; and files that are no more. */
  readonly written: number;
  readonly same: number;
  readonly removed: number;
  /** Rows of what was written. */
  readonly rows: number;
  /** Id of the snapshot, or of the transaction; undefined where there was nothing to change, or nothing is touched. */
  readonly snapshot: number | string | undefined;
}

export interface PublishReport {
  readonly to: string;
  readonly as_of: string;
  readonly dry_run: boolean;
  readonly tables: readonly PublishedReport[];
  /** Files that no snapshot needs: removed, or with a dry run only listed. */
  readonly orphans: readonly string[];
}

/**
 * Brings tables into a lake or a database: partitions that are others there are replaced, all of a table's in one snapshot or transaction;
 * what is there as it is stays.
 *
 * @throws InvalidInput where the lake holds something else
 * @throws Busy when somebody else publishes meanwhile, or changes what is published
 */
export async function run(
  args: PublishArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<PublishReport> {
  const { to, dryRun, clean, datasets } = args;
  if (to === "redshift") {
    if (clean) {
      throw new InvalidInput("--clean: Redshift holds no files; those that it copied expire.");
    }
    const [{ openRedshift }, { toRedshift }] = await Promise.all([
      import("./open-redshift.ts"),
      import("./to-redshift.ts"),
    ]);
    const session = await openRedshift(deps.settings, signal);
    const told = { asOfMs: endOf(args.asOf), dryRun };
    const work = (): Promise<PublishedReport[]> =>
      toRedshift(datasets, told, session, deps, signal);
    return reportOf(args, await alone(session.address, work));
  }
  if (!dryRun && !clean && to !== "lake") {
    await mkdir(to, { recursive: true }).catch(() => {
      throw new InvalidInput(`--to ${to}: expected a folder that can be written to.`);
    });
  }
  const lake = await openLake(to, deps.settings);
  if (clean) return alone(lake.address, () => cleaned(args, lake, signal));
  return reportOf(args, await alone(lake.address, () => toLake(args, lake, deps, signal)));

  /** One at a time for a target: whoever cleans takes no file away that another is about to commit. */
  function alone<Result>(address: string, work: () => Promise<Result>): Promise<Result> {
    if (dryRun) return work();
    const key = `leases/publish/${contentHash(address).slice(0, 16)}`;
    const lease = { ttlMs: minuteMs, patienceMs: 5000 };
    return withLease(deps.objects, key, deps.runId, lease, work, signal);
  }
}

/** The last second of a day in New York, ms since 1970; undefined without one. */
const endOf = (day: TradingDay | undefined): number | undefined =>
  day === undefined ? undefined : newYorkInstant(addDays(day, 1), 0) - 1000;

/** @throws Failed where there was nothing at all */
function reportOf(
  { to, asOf, dryRun }: PublishArgs,
  tables: readonly PublishedReport[],
): PublishReport {
  if (tables.every(({ written, same }) => written + same === 0)) {
    throw new Failed(
      "There is nothing to publish: the warehouse holds none of these tables' rows.",
    );
  }
  return { to, as_of: asOf ?? "now", dry_run: dryRun, tables, orphans: [] };
}

async function cleaned(
  { to, dryRun }: PublishArgs,
  lake: Lake,
  signal: AbortSignal,
): Promise<PublishReport> {
  const orphans: string[] = [];
  for (const name of publishedNames) {
    signal.throwIfAborted();
    const folder = await lake.table(name);
    const found = await orphansOf(folder, publishedTables[name]);
    if (!dryRun) for (const uri of found) await folder.remove(uri);
    orphans.push(...found.map((uri) => `${name}${uri.slice(folder.location.length)}`));
  }
  return { to, as_of: "now", dry_run: dryRun, tables: [], orphans };
}

async function toLake(
  { datasets, asOf, dryRun, keepDays }: PublishArgs,
  lake: Lake,
  deps: Deps,
  signal: AbortSignal,
): Promise<PublishedReport[]> {
  const { warehouse, runId, now, progress } = deps;
  const told = {
    runId,
    codeVersion: codeVersion(),
    nowMs: now(),
    keepSinceMs: now() - keepDays * dayMs,
  };
  const publish = async (name: PublishedName): Promise<PublishedReport> => {
    signal.throwIfAborted();
    const table = publishedTables[name];
    const folder = await lake.table(name);
    const own = { warehouse, folder, asOfMs: endOf(asOf), target: lake.address };
    const change = await changeOf(table, own);
    const task = progress.start(`publish ${name}`, change.add.length);
    const wrote = (): void => {
      task.advance();
    };
    const snapshot = dryRun
      ? undefined
      : await publishTable(table, change, own, { ...told, wrote }, signal);
    task.end();
    return {
      table: name,
      written: change.add.length,
      same: change.same,
      removed: change.remove.length,
      rows: change.add.reduce((sum, { rows }) => sum + rows, 0),
      snapshot,
    };
  };
  const tables: PublishedReport[] = [];
  for (const name of datasets) tables.push(await publish(name));
  if (dryRun || tables.every(({ written, same }) => written + same === 0)) return tables;
  await writeDown(lake, datasets, deps);
  tables.push(await publish("publishes"));
  return tables;
}

/** Writes down what snapshots there are, those of publishes that died before they did so included. */
async function writeDown(
  lake: Lake,
  datasets: readonly PublishedName[],
  { warehouse, now }: Deps,
): Promise<void> {
  for (const name of datasets) {
    const snapshots = await snapshotsOf(await lake.table(name), name);
    const rows = snapshots.map((snapshot) => ({ target: lake.address, table: name, ...snapshot }));
    await addPublishes(warehouse, rows, now());
  }
}
