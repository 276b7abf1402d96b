import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** A bar as the tables hold it. */
export interface StoredBar {
  readonly ticker: string;
  readonly day: string;
  readonly revision: number;
  /** UTC. */
  readonly known: string;
  /** Open, high, low, close, volume; null where a field is missing. */
  readonly values: readonly (number | null)[];
}

/** All bars of a source by ticker, day and revision. */
export function storedBars(warehouse: Warehouse, source: string): Promise<StoredBar[]> {
  return warehouse.rows<StoredBar>(
    `SELECT t.ticker AS ticker, toString(b.day) AS day, b.revision AS revision, toString(b.known_at) AS known,
       [b.open, b.high, b.low, toNullable(b.close), b.volume] AS values
     FROM bars AS b INNER JOIN (SELECT DISTINCT security_id, ticker FROM tickers) AS t ON b.security_id = t.security_id
     WHERE b.source = {source:String} ORDER BY ticker, day, revision`,
    { source },
  );
}

/** The same, as `ticker day open high low close volume`, a line each. */
export async function barLines(warehouse: Warehouse, source: string): Promise<string[]> {
  const bars = await storedBars(warehouse, source);
  return bars.map(({ ticker, day, values }) =>
    [ticker, day, ...values.map((v) => v ?? "-")].join(" "),
  );
}

/** What a source's imports put aside, as `line reason | record`, in the order of files and lines. */
export async function asideLines(warehouse: Warehouse, source: string): Promise<string[]> {
  const rows = await warehouse.rows<{ line: number; reason: string; record: string }>(
    `SELECT line, reason, record FROM quarantine FINAL WHERE source = {source:String} ORDER BY origin, line, reason, record`,
    { source },
  );
  return rows.map(({ line, reason, record }) => `${line} ${reason} | ${record}`);
}
