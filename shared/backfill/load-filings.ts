import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectStore } from "../objects/object-store.ts";
import { addLoads, loadedCaptures } from "../warehouse/tables/loads.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { getColumnFile } from "./column-files.ts";
import type { Receipt } from "./receipt.ts";

/** What a load brought in. */
export interface LoadedFilings {
  readonly documents: number;
  readonly items: number;
}

/** Receipts whose files come in by one statement: the text of a hundred reports is some forty megabytes. */
const receiptsAtOnce = 100;

const columns = {
  filing_documents:
    "issuer_id String, accession String, document String, kind String, media_type String, byte_length UInt32, text_length UInt32, capture String",
  filing_items:
    "issuer_id String, accession String, item String, title String, text String, capture String",
} as const;

/**
 * Brings the column files of receipts into the tables of documents and items. What is loaded is left out, and the same row twice
 * becomes one, so that a load can be run any number of times.
 *
 * @param receipts of one source, done
 */
export async function loadFilings(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  { source, runId, nowMs }: { source: string; runId: string; nowMs: number },
): Promise<LoadedFilings> {
  const loaded = await loadedCaptures(warehouse, "filings", source);
  const pending = receipts.filter(({ files }) => files.some(({ hash }) => !loaded.has(hash)));
  const folder = await mkdtemp(join(tmpdir(), "quarry-load-"));
  const rows = { filing_documents: 0, filing_items: 0 };
  try {
    for (let at = 0; at < pending.length; at += receiptsAtOnce) {
      const some = pending.slice(at, at + receiptsAtOnce);
      for (const [table, structure] of Object.entries(columns)) {
        const path: string[] = [];
        for (const { files } of some) {
          for (const file of files.filter((one) => one.table === table)) {
            path.push(join(folder, `${table}-${path.length}.native`));
            await writeFile(path.at(-1)!, await getColumnFile(objects, "filings", file.hash));
            rows[table as keyof typeof columns] += file.rows;
          }
        }
        if (path.length === 0) continue;
        const names = structure.replaceAll(/ (String|UInt32)/g, "");
        await warehouse.insertFrom(
          { path, format: "Native", structure },
          `INSERT INTO ${table} (source, ${names}, run_id, ingested_at)
           SELECT {source:String}, ${names}, {runId:String}, toDateTime({now:UInt32}, 'UTC') FROM {file}`,
          { source, runId, now: Math.floor(nowMs / 1000) },
        );
      }
      await addLoads(
        warehouse,
        some.flatMap(({ key, files }) =>
          files.map((file) => ({
            dataset: "filings",
            source,
            capture: file.hash,
            origin: key,
            rows: file.rows,
          })),
        ),
        { runId, nowMs },
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { documents: rows.filing_documents, items: rows.filing_items };
}
