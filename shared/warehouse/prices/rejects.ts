import type { Warehouse } from "../warehouse.ts";

/**
 * Rows of an incoming table that are put aside for what other rows say. Two tables beside it, made here:
 * `<incoming>_rejects` (symbol, day, reason) and `<incoming>_repeats` (symbol, day), the keys that stand there more than
 * once with the same values.
 *
 * @returns false when no key stands there twice, the common case
 */
export async function createRejects(warehouse: Warehouse, incoming: string): Promise<boolean> {
  await dropRejects(warehouse, incoming);
  await warehouse.command(
    `CREATE TABLE ${incoming}_rejects (symbol String, day Date, reason String) ENGINE = MergeTree ORDER BY (symbol, day)`,
  );
  await warehouse.command(
    `CREATE TABLE ${incoming}_repeats (symbol String, day Date) ENGINE = MergeTree ORDER BY (symbol, day)`,
  );
  if (!(await hasRepeats(warehouse, incoming))) return false;
  const repeated = `FROM ${incoming} WHERE reason = '' GROUP BY symbol, day HAVING count() > 1 AND`;
  const values = "uniqExact((open, high, low, close, volume))";
  await warehouse.command(
    `INSERT INTO ${incoming}_rejects SELECT symbol, day, 'conflicting duplicate' ${repeated} ${values} > 1`,
  );
  await warehouse.command(
    `INSERT INTO ${incoming}_repeats SELECT symbol, day ${repeated} ${values} = 1`,
  );
  return true;
}

/** Drops the tables of `createRejects`. */
export async function dropRejects(warehouse: Warehouse, incoming: string): Promise<void> {
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming}_rejects SYNC`);
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming}_repeats SYNC`);
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
 * @param repeats what `createRejects` returned
 */
export function goodRows(incoming: string, repeats: boolean, columns: string): string {
  if (!repeats) return `(SELECT ${columns} FROM ${incoming} WHERE reason = '')`;
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
