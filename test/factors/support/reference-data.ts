import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const folder = new URL("../../../../shared/data/F_reference/", import.meta.url);

/**
 * Rows of cells of a recorded table under `../shared/data/F_reference`, or undefined where that is not there.
 */
export function referenceTable(path: string): string[][] | undefined {
  const url = new URL(path, folder);
  if (!existsSync(url)) return undefined;
  const bytes = readFileSync(url);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
}

/** A column of a table as numbers, without its header; NaN where the cell is empty. */
export function column(table: string[][], index: number): Float64Array {
  return Float64Array.from(table.slice(1), (row) => {
    const cell = row[index] ?? "";
    return cell === "" ? NaN : Number(cell);
  });
}
