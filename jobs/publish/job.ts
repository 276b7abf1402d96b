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
  /** A folder of this machine, or `lake`: the lake of the environment. */
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
  /** Undefined where there was nothing to change, or nothing is touched. */
  readonly snapshot: number | undefined;
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
 * Brings tables into a lake: partitions that are others there are replaced, all of a table's in one snapshot; what is there as it is stays.
 *
 * @throws InvalidInput where the lake holds something else
 * @throws Busy when somebody else publishes meanwhile, or changes what is published
 */
export async function run(
  args: PublishArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<PublishReport> {
  const { to, dryRun, clean } = args;
  if (!dryRun && !clean && to !== "lake") {
    await mkdir(to, { recursive: true }).catch(() => {
      throw new InvalidInput(`--to ${to}: expected a folder that can be written to.`);
    });
  }
  const lake = await openLake(to, deps.settings);
  const work = (): Promise<PublishReport> =>
    clean ? cleaned(args, lake, signal) : published(args, lake, deps, signal);
  if (dryRun) return work();
  // One at a time for a lake: whoever cleans takes no file away that another is about to commit.
  const key = `leases/publish/${contentHash(lake.address).slice(0, 16)}`;
  return withLease(
    deps.objects,
    key,
    deps.runId,
    { ttlMs: minuteMs, patienceMs: 5000 },
    work,
    signal,
  );
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

async function published(
  { to, datasets, asOf, dryRun, keepDays }: PublishArgs,
  lake: Lake,
  deps: Deps,
  signal: AbortSignal,
): Promise<PublishReport> {
  const { warehouse, runId, now, progress } = deps;
  const asOfMs = asOf === undefined ? undefined : newYorkInstant(addDays(asOf, 1), 0) - 1000;
  const told = {
    runId,
    codeVersion: codeVersion(),
    nowMs: now(),
    keepSinceMs: now() - keepDays * dayMs,
  };
  const publish = async (name: PublishedName): Promise<PublishedReport> => {
    signal.throwIfAborted();
    const table = publishedTables[name];
    const own = { warehouse, folder: await lake.table(name), asOfMs, target: lake.address };
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
  if (tables.every(({ written, same }) => written + same === 0)) {
    throw new Failed(
      "There is nothing to publish: the warehouse holds none of these tables' rows.",
    );
  }
  if (!dryRun) {
    await writeDown(lake, datasets, deps);
    tables.push(await publish("publishes"));
  }
  return { to, as_of: asOf ?? "now", dry_run: dryRun, tables, orphans: [] };
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
