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
  runId: string,
): Promise<void> {
  for (const { dataset, source, capture, origin, rows } of loads) {
    await warehouse.command(
      `INSERT INTO loads SELECT {dataset:String}, {source:String}, {capture:String}, {origin:String}, {rows:UInt64},
       {runId:String}, now()`,
      { dataset, source, capture, origin, rows, runId },
    );
  }
}
