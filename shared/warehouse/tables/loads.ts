import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** A piece of input that is in the tables: a file, or a vendor's reply. */
export interface Load {
  readonly dataset: string;
  readonly source: string;
  /** Content hash. */
  readonly capture: string;
  /** File name or url. */
  readonly origin: string;
  readonly rows: number;
}

/** The content hashes of what was loaded of a dataset from a source. */
export async function loadedCaptures(
  warehouse: Warehouse,
  dataset: string,
  source: string,
): Promise<Set<string>> {
  const rows = await warehouse.rows<{ capture: string }>(
    "SELECT DISTINCT capture FROM loads WHERE dataset = {dataset:String} AND source = {source:String}",
    { dataset, source },
  );
  return new Set(rows.map(({ capture }) => capture));
}

/** Notes that pieces of input are in the tables. */
export async function addLoads(
  warehouse: Warehouse,
  loads: readonly Load[],
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const text = (name: string, pick: (load: Load) => string) =>
    ({ name, type: "String", text: loads.map(pick) }) as const;
  await insertColumns(warehouse, "loads", [
    text("dataset", ({ dataset }) => dataset),
    text("source", ({ source }) => source),
    text("capture", ({ capture }) => capture),
    text("origin", ({ origin }) => origin),
    { name: "rows", type: "UInt32", values: Uint32Array.from(loads, ({ rows }) => rows) },
    text("run_id", () => runId),
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(loads.length).fill(Math.floor(nowMs / 1000)),
    },
  ]);
}
