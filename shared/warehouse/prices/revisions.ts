import { createStaging } from "../publish.ts";
import type { Warehouse } from "../warehouse.ts";

/** Values that differ by less, as a share, are the same value: vendors round to single precision. */
const sameWithin = 1e-6;

/** Names the staging table of what is left of a staging table's bars. */
export function freshToken(token: string): string {
  return `${token}new`;
}

/** What staged bars are beside the bars that are there. */
export interface Comparison {
  /** Staging table that holds what is new: the one given, or one made here. */
  readonly token: string;
  /** There already, with the same values. */
  readonly unchanged: number;
  /** There already with other values: kept as revisions, known from now on. */
  readonly revised: number;
}

const same = (field: string): string =>
  `(isNull(n.${field}) AND isNull(o.${field}) OR ifNull(abs(n.${field} - o.${field}) <= ${sameWithin} * abs(o.${field}), 0))`;

/**
 * Leaves out of a staging table of bars what the bars hold already, and turns what they hold with other values into
 * revisions.
 *
 * @param token of the staging table
 * @param nowMs from when on a revision is known
 */
export async function compareWithBars(
  warehouse: Warehouse,
  staging: string,
  token: string,
  source: string,
  nowMs: number,
): Promise<Comparison> {
  const years = await warehouse.rows<{ year: number }>(
    `SELECT DISTINCT toYear(day) AS year FROM bars
     WHERE source = {source:String} AND toYear(day) IN (SELECT DISTINCT toYear(day) FROM ${staging})
       AND security_id IN (SELECT DISTINCT security_id FROM ${staging}) ORDER BY year`,
    { source },
  );
  if (years.length === 0) return { token, unchanged: 0, revised: 0 };

  const fresh = await createStaging(warehouse, "bars", freshToken(token));
  const held = years.map(({ year }) => year);
  await warehouse.command(
    `INSERT INTO ${fresh} SELECT * FROM ${staging} WHERE toYear(day) NOT IN {held:Array(UInt16)}
     SETTINGS max_partitions_per_insert_block = 0`,
    { held },
  );
  // A year at a time bounds the memory of the join. A revision is known later than what it takes the place of: of two rows
  // known at once the table keeps one.
  for (const year of held) {
    await warehouse.command(
      `INSERT INTO ${fresh}
       SELECT n.source, n.security_id, n.day,
         if(o.seen = 0, n.known_at, greatest(n.known_at, toDateTime({now:UInt32}, 'UTC'), o.last_known + 1)),
         if(o.seen = 0, 0, o.last + 1),
         n.open, n.high, n.low, n.close, n.volume, n.capture, n.run_id, n.ingested_at
       FROM ${staging} AS n
       LEFT JOIN (
         SELECT security_id, day, 1 AS seen, max(revision) AS last, max(known_at) AS last_known,
           argMax(tuple(open), revision).1 AS open,
           argMax(tuple(high), revision).1 AS high, argMax(tuple(low), revision).1 AS low,
           argMax(close, revision) AS close, argMax(tuple(volume), revision).1 AS volume
         FROM bars WHERE source = {source:String} AND toYear(day) = {year:UInt16}
         GROUP BY security_id, day
       ) AS o ON n.security_id = o.security_id AND n.day = o.day
       WHERE toYear(n.day) = {year:UInt16}
         AND (o.seen = 0 OR NOT (${["open", "high", "low", "close", "volume"].map(same).join(" AND ")}))`,
      { year, source, now: Math.floor(nowMs / 1000) },
    );
  }
  const counted = await warehouse.rows<{ revised: number; unchanged: number }>(
    `SELECT countIf(revision > 0) AS revised, (SELECT count() FROM ${staging}) - count() AS unchanged FROM ${fresh}`,
  );
  await warehouse.command(`DROP TABLE ${staging} SYNC`);
  return { token: freshToken(token), ...counted[0]! };
}
