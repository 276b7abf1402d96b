import { inflateRawSync } from "node:zlib";
import { parseTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { cellsOf, recordedBytes, recordedTable } from "./recorded-data.ts";

const folder = "B_ohlcv/lean/Data/equity/usa";

/** The first file in a zip archive. Layout: PKWARE's APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16. */
export function unzipped(archive: Buffer): Buffer {
  const end = archive.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const entry = archive.readUInt32LE(end + 16);
  const method = archive.readUInt16LE(entry + 10);
  const length = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const bytes = archive.subarray(start, start + length);
  return method === 0 ? bytes : inflateRawSync(bytes);
}

/** `20240131` as a day. */
function dayOf(digits: string): TradingDay {
  return parseTradingDay(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`);
}

/** LEAN's recorded daily closes of a ticker as traded, 1998 to 2021; else the test is pending. */
export function leanCloses(
  context: Mocha.Context,
  ticker: string,
): { days: TradingDay[]; closes: Float64Array } {
  const archive = recordedBytes(context, `${folder}/daily/${ticker}.zip`);
  const rows = cellsOf(unzipped(archive).toString("latin1"));
  return {
    days: rows.map(([time]) => dayOf(time!)),
    // Written in hundredths of a cent.
    closes: Float64Array.from(rows, (row) => Number(row[4]) / 10_000),
  };
}

/** A row of a factor file: what prices up to and with a day are multiplied by. */
export interface LeanFactor {
  readonly day: TradingDay;
  /** For distributions. */
  readonly price: number;
  /** For splits. */
  readonly split: number;
}

/** LEAN's recorded factor file of a ticker; else the test is pending. */
export function leanFactors(context: Mocha.Context, ticker: string): LeanFactor[] {
  const rows = recordedTable(context, `${folder}/factor_files/${ticker}.csv`);
  return rows.map(([day, price, split]) => ({
    day: dayOf(day!),
    price: Number(price),
    split: Number(split),
  }));
}
