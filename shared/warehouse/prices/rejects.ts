import type { TradingDay } from "../../market/trading-day.ts";
import type { Warehouse } from "../warehouse.ts";

/**
 * Rows of an incoming table that are put aside for what other rows say. Two tables beside it, made here:
 * `<incoming>_rejects` (symbol, day, reason) and `<incoming>_repeats` (symbol, day), the keys that stand there more than
 * once with the same values.
 *
 * @param last the last session that is over: a later row is no bar yet
 * @returns false when no row is left out for either, the common case
 */
export async function createRejects(
  warehouse: Warehouse,
  incoming: string,
  last: TradingDay,
): Promise<boolean> {
  await dropRejects(warehouse, incoming);
  await warehouse.command(
    `CREATE TABLE ${incoming}_rejects (symbol String, day Date, reason String) ENGINE = MergeTree ORDER BY (symbol, day)`,
  );
  await warehouse.command(
    `CREATE TABLE ${incoming}_repeats (symbol String, day Date) ENGINE = MergeTree ORDER BY (symbol, day)`,
  );
  const unfinished = await hasLater(warehouse, incoming, last);
  if (unfinished) {
    await warehouse.command(
      `INSERT INTO ${incoming}_rejects
       SELECT DISTINCT symbol, day, 'session is not over' FROM ${incoming} WHERE reason = '' AND day > {last:Date}`,
      { last },
    );
  }
  if (!(await hasRepeats(warehouse, incoming))) return unfinished;
  const repeated = `FROM ${incoming} WHERE reason = '' AND day <= {last:Date} GROUP BY symbol, day HAVING count() > 1 AND`;
  const values = "uniqExact((open, high, low, close, volume))";
  await warehouse.command(
    `INSERT INTO ${incoming}_rejects SELECT symbol, day, 'conflicting duplicate' ${repeated} ${values} > 1`,
    { last },
  );
  await warehouse.command(
    `INSERT INTO ${incoming}_repeats SELECT symbol, day ${repeated} ${values} = 1`,
    { last },
  );
  return true;
}

/** Drops the tables of `createRejects`. */
export async function dropRejects(warehouse: Warehouse, incoming: string): Promise<void> {
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming}_rejects SYNC`);
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming}_repeats SYNC`);
}

async function hasLater(
  warehouse: Warehouse,
  incoming: string,
  last: TradingDay,
): Promise<boolean> {
  const rows = await warehouse.rows<{ later: number }>(
    `SELECT max(day) > {last:Date} AS later FROM ${incoming} WHERE reason = ''`,
    { last },
  );
  return rows[0]?.later === 1;
}

/** A look that costs little: nearly always no key stands there twice. */
async function hasRepeats(warehouse: Warehouse, incoming: string): Promise<boolean> {
  const rows = await warehouse.rows<{ repeats: number }>(
    `SELECT sum(repeats) AS repeats FROM (
       SELECT count() - uniqExact(cityHash64(symbol, day)) AS repeats
       FROM ${incoming} WHERE reason = '' GROUP BY toYear(day))`,
  );
  return (rows[0]?.repeats ?? 0) > 0;
}

/**
 * Rows of an incoming table that are bars, as far as it can tell: one a key.
 *
 * @param excluding false when the tables of `createRejects` are empty, as it said
 */
export function goodRows(incoming: string, excluding: boolean, columns: string): string {
  if (!excluding) return `(SELECT ${columns} FROM ${incoming} WHERE reason = '')`;
  const good = `FROM ${incoming} WHERE reason = '' AND (symbol, day) NOT IN (SELECT symbol, day FROM ${incoming}_rejects)`;
  const once = `(SELECT symbol, day FROM ${incoming}_repeats)`;
  return `(SELECT ${columns} ${good} AND (symbol, day) NOT IN ${once}
    UNION ALL
    SELECT ${columns} ${good} AND (symbol, day) IN ${once} LIMIT 1 BY symbol, day)`;
}

/** How many rows were put aside, by reason, most frequent first. */
export async function countRejects(
  warehouse: Warehouse,
  incoming: string,
): Promise<Record<string, number>> {
  const rows = await warehouse.rows<{ reason: string; count: number }>(
    `SELECT reason, count() AS count FROM ${rejectedRows(incoming)} GROUP BY reason ORDER BY count DESC, reason`,
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}

/** The rows that were put aside, each with its reason and its text. */
export function rejectedRows(incoming: string): string {
  const text = `arrayStringConcat([toString(day), symbol, toString(ifNull(open, nan)), toString(ifNull(high, nan)),
    toString(ifNull(low, nan)), toString(ifNull(close, nan)), toString(ifNull(volume, nan))], ',')`;
  return `(SELECT origin, line, capture, reason, record FROM ${incoming} WHERE reason != ''
    UNION ALL
    SELECT i.origin, i.line, i.capture, r.reason, ${text} AS record
    FROM ${incoming} AS i INNER JOIN ${incoming}_rejects AS r ON i.symbol = r.symbol AND i.day = r.day
    WHERE i.reason = '')`;
}
