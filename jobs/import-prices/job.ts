import { InvalidInput, messageOf } from "../../shared/errors.ts";
import { fileHash } from "../../shared/objects/file-hash.ts";
import {
  inspectTable,
  priceColumns,
  type LongFile,
  type WideFile,
} from "../../shared/sources/files/price-file.ts";
import { admit, type Admission } from "../../shared/warehouse/prices/admit.ts";
import {
  createIncoming,
  incomingOf,
  readIntoIncoming,
} from "../../shared/warehouse/prices/incoming.ts";
import { addLoads, loadedCaptures } from "../../shared/warehouse/tables/loads.ts";
import { checkBasis, type Basis } from "../../shared/warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";

export interface ImportPricesArgs {
  readonly files: readonly string[];
  /** Name of the source in the warehouse. */
  readonly source: string;
  readonly basis: Basis;
  /** Share of rows that may be put aside, 0 to 1. */
  readonly lossBudget: number;
}

/** One file of an import. */
export interface ImportedFile {
  readonly file: string;
  readonly shape: "long" | "wide";
  readonly columns_ignored: readonly string[];
}

export interface ImportReport {
  readonly source: string;
  readonly basis: Basis;
  readonly files: readonly ImportedFile[];
  /** Files whose very bytes were imported before. */
  readonly held: readonly string[];
  /** Null when every file was held. */
  readonly admission: Admission | null;
}

/**
 * Brings files of prices into the warehouse, all of them or none.
 *
 * @throws InvalidInput for a file that is no table of prices
 * @throws Failed over the loss budget
 */
export async function run(
  { files, source, basis, lossBudget }: ImportPricesArgs,
  { warehouse, runId, now, progress, log }: Deps,
  signal: AbortSignal,
): Promise<ImportReport> {
  await checkBasis(warehouse, { source, basis });
  const loaded = await loadedCaptures(warehouse, "prices", source);
  const imported: (ImportedFile & { capture: string; rows: number })[] = [];
  const held: string[] = [];
  const incoming = await createIncoming(warehouse, runId);
  const task = progress.start("read files", files.length);
  try {
    for (const file of new Set(files)) {
      signal.throwIfAborted();
      const layout = await inspectTable(file, priceColumns, "close");
      const capture = await fileHash(file);
      task.advance();
      if (loaded.has(capture) || imported.some((other) => other.capture === capture)) {
        held.push(file);
        continue;
      }
      const rows = await read(warehouse, incoming, layout, basis, capture);
      const columns_ignored = layout.shape === "long" ? layout.ignored : [];
      imported.push({ file, shape: layout.shape, columns_ignored, capture, rows });
    }
    signal.throwIfAborted();
  } catch (thrown) {
    await warehouse.command(`DROP TABLE IF EXISTS ${incoming} SYNC`);
    throw thrown;
  }
  task.end();
  const report = { source, basis, held };
  if (imported.length === 0) {
    await warehouse.command(`DROP TABLE ${incoming} SYNC`);
    return { ...report, files: [], admission: null };
  }
  const options = { source, basis, token: runId, runId, lossBudget, nowMs: now() };
  const { admission } = await admit(warehouse, incoming, options);
  await addLoads(
    warehouse,
    imported.map(({ file, capture, rows }) => ({
      dataset: "prices",
      source,
      capture,
      origin: file,
      rows,
    })),
    options,
  );
  log.info({ dataset: "prices", rows: admission.rows }, "loaded");
  return {
    ...report,
    files: imported.map(({ file, shape, columns_ignored }) => ({ file, shape, columns_ignored })),
    admission,
  };
}

/** Reads a file into the incoming table. @returns its rows */
async function read(
  warehouse: Warehouse,
  incoming: string,
  file: LongFile | WideFile,
  basis: Basis,
  capture: string,
): Promise<number> {
  try {
    await readIntoIncoming(warehouse, incoming, file, basis, capture);
  } catch (thrown) {
    throw unreadable(file.path, thrown);
  }
  const { rows, openQuote } = await incomingOf(warehouse, incoming, capture);
  if (rows === 0) {
    throw new InvalidInput(`${file.path}: expected rows below the header, got none.`);
  }
  if (openQuote > 0) {
    throw new InvalidInput(
      `${file.path}:${openQuote}: expected every quote to close on its line; this one takes the lines below with it.`,
    );
  }
  return rows;
}

/** ClickHouse's complaint about a file, as a sentence about the file. */
function unreadable(file: string, thrown: unknown): Error {
  const reason = messageOf(thrown);
  if (/inflate|gzip|zlib/i.test(reason)) {
    return new InvalidInput(
      `${file}: the gzip breaks off or is damaged; get the whole file again.`,
    );
  }
  const line = /\(at row (\d+)\)/.exec(reason)?.[1];
  if (/CANNOT_PARSE|Cannot parse|INCORRECT_DATA/.test(reason)) {
    const at = line === undefined ? "" : `:${Number(line) + 1}`;
    // What follows on lines of their own is a dump of the parser's state.
    const complaint = reason.split("\n")[0]!.replace(/[: ]*(\(at row \d+\))?[: ]*$/, "");
    return new InvalidInput(
      `${file}${at}: expected rows of the header's columns: ${complaint.slice(0, 200)}.`,
    );
  }
  return thrown instanceof Error ? thrown : new Error(reason);
}
