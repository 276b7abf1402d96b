import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getColumnFile } from "../backfill/column-files.ts";
import type { Receipt } from "../backfill/receipt.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { structureOf } from "../warehouse/native/writer.ts";
import { addLoads, loadedCaptures } from "../warehouse/tables/loads.ts";
import { scoreColumns } from "../warehouse/tables/scores.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";

/** Receipts whose scores come in by one statement. */
const receiptsAtOnce = 200;

const columns = scoreColumns([]);
const names = columns.map(({ name }) => name).join(", ");

/**
 * Brings the column files of receipts into the table of scores. What is loaded is left out, and the same score twice becomes one.
 *
 * @param receipts of one model, done
 * @returns scores that came in
 */
export async function loadScores(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  { source, runId, nowMs }: { source: string; runId: string; nowMs: number },
): Promise<number> {
  const loaded = await loadedCaptures(warehouse, "scores", source);
  const pending = receipts.flatMap(({ key, files }) =>
    files.filter(({ hash }) => !loaded.has(hash)).map((file) => ({ key, ...file })),
  );
  for (let at = 0; at < pending.length; at += receiptsAtOnce) {
    const some = pending.slice(at, at + receiptsAtOnce);
    const folder = await mkdtemp(join(tmpdir(), "quarry-load-"));
    try {
      const path: string[] = [];
      for (const { hash } of some) {
        path.push(join(folder, `${path.length}.native`));
        await writeFile(path.at(-1)!, await getColumnFile(objects, "scores", hash));
      }
      await warehouse.insertFrom(
        { path, format: "Native", structure: structureOf(columns) },
        `INSERT INTO scores (${names}, run_id, ingested_at)
         SELECT ${names}, {runId:String}, toDateTime({now:UInt32}, 'UTC') FROM {file}`,
        { runId, now: Math.floor(nowMs / 1000) },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
    const rows = some.map(({ key, hash, rows: count }) => ({
      dataset: "scores",
      source,
      capture: hash,
      origin: key,
      rows: count,
    }));
    await addLoads(warehouse, rows, { runId, nowMs });
  }
  return pending.reduce((sum, { rows }) => sum + rows, 0);
}
