import { join } from "node:path";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import type { FileColumn, FileFormat, TableFiles } from "../../shared/lake/table-files.ts";
import { dayNumber } from "../../shared/market/trading-day.ts";
import { fileHash } from "../../shared/objects/file-hash.ts";
import type { RiskModel } from "../../shared/risk/risk-model.ts";
import { exportFiles, type ExportFile } from "./dictionary.ts";
import type { ExportInputs, SecurityKeys } from "./inputs.ts";

/** What is written. */
export interface Exported extends Pick<ExportInputs, "days" | "assets" | "keysOf"> {
  readonly factors: readonly {
    readonly name: string;
    readonly version: number;
    readonly values: DayTable;
    /** Exposures. */
    readonly table: DayTable;
  }[];
  readonly model: RiskModel;
}

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly sha256: string;
}

/** A file's cells by row, in the order of the dictionary's columns. */
type Cells<Name extends ExportFile> = Readonly<
  Record<(typeof exportFiles)[Name][number]["name"], FileColumn["at"]>
>;

/** Writes all files of an export. */
export async function writeFiles(
  exported: Exported,
  files: TableFiles,
  folder: string,
  format: FileFormat,
  signal: AbortSignal,
): Promise<{ files: WrittenFile[]; names: number; complete: number }> {
  const written: WrittenFile[] = [];
  const write = async <Name extends ExportFile>(
    name: Name,
    rows: number,
    cells: Cells<Name>,
  ): Promise<void> => {
    signal.throwIfAborted();
    const file = `${name}.${format}`;
    const columns = exportFiles[name].map((words) => ({
      name: words.name,
      type: words.type,
      at: (cells as Readonly<Record<string, FileColumn["at"]>>)[words.name]!,
    }));
    await files.write(join(folder, file), columns, rows);
    written.push({ file, rows, sha256: await fileHash(join(folder, file)) });
  };
  const universe = universeOf(exported);
  await write("universe", universe.columns.length, universe.cells);
  const exposures = exposureCells(exported);
  await write("exposures", exposures.rows, exposures.cells);
  const { returns, covariance, specificRisk, residuals } = exported.model;
  const width = returns.factors.length;
  const dayAt = (row: number): number => Math.floor(row / width);
  await write("factor_returns", returns.values.length, {
    day: (row) => dayNumber(returns.days[dayAt(row)]!),
    factor: (row) => returns.factors[row % width]!,
    return: (row) => returns.values[row]!,
    names: (row) => returns.names[dayAt(row)]!,
    r_squared: (row) => returns.rSquared[dayAt(row)]!,
  });
  const variance = (factor: number): number => covariance.values[factor * (width + 1)]!;
  await write("factor_covariance", width * width, {
    factor: (row) => returns.factors[dayAt(row)]!,
    other: (row) => returns.factors[row % width]!,
    covariance: (row) => covariance.values[row]!,
    correlation: (row) =>
      covariance.values[row]! / Math.sqrt(variance(dayAt(row)) * variance(row % width)),
  });
  const risky = exported.assets.map((_, column) => column).filter((at) => residuals[at]! > 0);
  await write("specific_risk", risky.length, {
    ...keyCells(exported, (row) => risky[row]!),
    specific_risk: (row) => specificRisk[risky[row]!]!,
    sessions: (row) => residuals[risky[row]!]!,
  });
  const words = Object.entries(exportFiles).flatMap(([file, columns]) =>
    columns.map((column) => ({ file, ...column })),
  );
  await write("dictionary", words.length, {
    file: (row) => words[row]!.file,
    column: (row) => words[row]!.name,
    type: (row) => words[row]!.type,
    unit: (row) => words[row]!.unit,
    about: (row) => words[row]!.about,
  });
  return { files: written, names: universe.columns.length, complete: universe.complete };
}

/** Keys of securities on the day of the export. */
function keyCells({ assets, days, keysOf }: Exported, columnOf: (row: number) => number) {
  const held = new Map<number, SecurityKeys>();
  const keys = (row: number): SecurityKeys => {
    const column = columnOf(row);
    const own = held.get(column) ?? keysOf(column, days.at(-1)!);
    held.set(column, own);
    return own;
  };
  return {
    security_id: (row: number) => assets[columnOf(row)]!,
    ticker: (row: number) => keys(row).ticker,
    cik: (row: number) => keys(row).cik,
    figi: (row: number) => keys(row).figi,
  };
}

/** Names with an exposure on the day of the export. */
function universeOf(exported: Exported) {
  const { assets, days, factors, model } = exported;
  const width = assets.length;
  const last = (days.length - 1) * width;
  const has = (table: DayTable, column: number): boolean =>
    !Number.isNaN(table.values[last + column]!);
  const columns = assets
    .map((_, column) => column)
    .filter((column) => factors.some(({ table }) => has(table, column)));
  const dense = factors.filter(({ name }) => model.returns.factors.includes(name));
  const counts = columns.map((column) => dense.filter(({ table }) => has(table, column)).length);
  const isComplete = (row: number): boolean =>
    counts[row] === dense.length && !Number.isNaN(model.specificRisk[columns[row]!]!);
  return {
    columns,
    complete: columns.filter((_, row) => isComplete(row)).length,
    cells: {
      day: () => dayNumber(days.at(-1)!),
      ...keyCells(exported, (row) => columns[row]!),
      factors: (row: number) => counts[row]!,
      complete: isComplete,
    },
  };
}

/** One row an exposure, by day, security and factor. */
function exposureCells({ days, assets, factors, keysOf }: Exported) {
  const width = assets.length;
  const cells = days.length * width;
  let rows = 0;
  for (const { table } of factors) {
    for (const value of table.values) if (!Number.isNaN(value)) rows++;
  }
  const places = new Uint32Array(rows);
  const factorOf = new Uint16Array(rows);
  let at = 0;
  for (let cell = 0; cell < cells; cell++) {
    for (const [factor, { table }] of factors.entries()) {
      if (Number.isNaN(table.values[cell]!)) continue;
      places[at] = cell;
      factorOf[at++] = factor;
    }
  }
  // Rows of one security and day follow each other.
  let held = { cell: -1, keys: undefined as SecurityKeys | undefined };
  const keys = (row: number): SecurityKeys => {
    const cell = places[row]!;
    if (held.cell !== cell) {
      held = { cell, keys: keysOf(cell % width, days[Math.floor(cell / width)]!) };
    }
    return held.keys!;
  };
  const numbers = days.map(dayNumber);
  return {
    rows,
    cells: {
      day: (row: number) => numbers[Math.floor(places[row]! / width)]!,
      security_id: (row: number) => assets[places[row]! % width]!,
      ticker: (row: number) => keys(row).ticker,
      cik: (row: number) => keys(row).cik,
      figi: (row: number) => keys(row).figi,
      factor: (row: number) => factors[factorOf[row]!]!.name,
      version: (row: number) => factors[factorOf[row]!]!.version,
      value: (row: number) => factors[factorOf[row]!]!.values.values[places[row]!]!,
      exposure: (row: number) => factors[factorOf[row]!]!.table.values[places[row]!]!,
    },
  };
}
