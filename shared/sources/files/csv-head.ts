import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse/sync";
import { InvalidInput, messageOf } from "../../errors.ts";

/** The first lines of a CSV file. */
export interface CsvHead {
  readonly delimiter: "," | ";" | "\t";
  /** Names as they stand in the first line, without quotes and byte order mark. */
  readonly header: readonly string[];
  /** Cells of the second line; empty when there is none. */
  readonly first: readonly string[];
}

const headBytes = 4 * 1024 * 1024;

/** Splits one line of CSV into its cells; undefined when a quote in it stays open. */
function cells(line: string, delimiter: string): string[] | undefined {
  try {
    return parse(line, { delimiter, trim: true, relax_quotes: true })[0] ?? [];
  } catch {
    return undefined;
  }
}

async function readStart(path: string, gzipped: boolean): Promise<Buffer> {
  const file = createReadStream(path);
  const stream = gzipped ? file.pipe(createGunzip()) : file;
  file.on("error", (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      // Two whole lines are enough.
      if (length >= headBytes || (chunk.includes(10) && chunks.length > 1)) break;
    }
  } catch (thrown) {
    // The head of a gzip that breaks off later is still a head; the loader reports the break.
    if (length === 0) throw new InvalidInput(`${path}: can't be read: ${messageOf(thrown)}.`);
  } finally {
    file.destroy();
  }
  return Buffer.concat(chunks);
}

/**
 * Reads the header of a CSV file, gzipped or not.
 *
 * @throws InvalidInput for an empty file, one that is not UTF-8 text, or a header with a quote that stays open
 */
export async function readCsvHead(path: string, gzipped: boolean): Promise<CsvHead> {
  const bytes = await readStart(path, gzipped);
  if (bytes.length === 0)
    throw new InvalidInput(`${path}: the file is empty; expected a header and rows.`);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InvalidInput(`${path}:1: expected UTF-8, got UTF-16; save the file as UTF-8.`);
  }
  const start = bytes.subarray(0, bytes.lastIndexOf(10) + 1 || bytes.length);
  if (start.includes(0)) throw new InvalidInput(`${path}:1: expected CSV text, got binary data.`);
  const text = start.toString("utf8").replace(/^\uFEFF/, "");
  const [top = "", second = ""] = text.split(/\r?\n/, 2);
  if (top.includes("\uFFFD")) {
    throw new InvalidInput(
      `${path}:1: expected UTF-8, got another encoding; save the file as UTF-8.`,
    );
  }
  const delimiter = ([",", ";", "\t"] as const).reduce((best, candidate) =>
    top.split(candidate).length > top.split(best).length ? candidate : best,
  );
  const header = cells(top, delimiter);
  if (header === undefined) {
    throw new InvalidInput(
      `${path}:1: expected a header, got a quote that is not closed in "${top.slice(0, 60)}".`,
    );
  }
  // A cell of the second line may hold a line break, and close its quote behind it.
  const first = second === "" ? [] : (cells(second, delimiter) ?? second.split(delimiter));
  return { delimiter, header, first };
}
