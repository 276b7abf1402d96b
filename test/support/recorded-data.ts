import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const folder = new URL("../../../shared/data/", import.meta.url);
let told = false;

/**
 * The path of a recorded file. Where the recordings are not there the test is pending, and says why.
 *
 * @param context `this` of the test or hook, which can't be an arrow function
 * @param path under `../shared/data`
 */
export function recordedPath(context: Mocha.Context, path: string): string {
  const file = fileURLToPath(new URL(path, folder));
  if (existsSync(file)) return file;
  // Mocha's skip takes no reason.
  if (!told) process.stderr.write("Pending: tests that need the recordings of ../shared/data.\n");
  told = true;
  return context.skip();
}

/** The bytes of a recorded file, expanded where its name ends in `.gz`; else the test is pending. */
export function recordedBytes(context: Mocha.Context, path: string): Buffer {
  const bytes = readFileSync(recordedPath(context, path));
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** The text of a recorded file, without a byte order mark; else the test is pending. */
export function recordedText(context: Mocha.Context, path: string): string {
  return recordedBytes(context, path)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** The cells of a recorded CSV without quotes, its header first; else the test is pending. */
export function recordedTable(context: Mocha.Context, path: string): string[][] {
  return cellsOf(recordedText(context, path));
}

/** Rows of cells of a text without quotes. */
export function cellsOf(text: string): string[][] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
}

/** A column of a table as numbers, without its header; NaN where the cell is empty. */
export function numberColumn(table: readonly string[][], index: number): Float64Array {
  return Float64Array.from(table.slice(1), (row) => {
    const cell = row[index] ?? "";
    return cell === "" ? NaN : Number(cell);
  });
}
