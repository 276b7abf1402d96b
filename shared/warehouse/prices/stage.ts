import { findMisSplits } from "../../market/mis-split.ts";
import type { SecurityId } from "../../market/security.ts";
import { coded, numbers } from "../native/column.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";
import { goodRows } from "./rejects.ts";

/** Adjusted prices are products; what differs by less is equal. */
const rounding = 1e-9;

/**
 * The close is what a bar's other prices are held against: a high below it, a low above it, an open outside of both, and
 * what is not positive can't be, and is emptied.
 */
const high = `if(high >= close * ${1 - rounding} AND isFinite(high), high, NULL)`;
const low = `if(low <= close * ${1 + rounding} AND low > 0, low, NULL)`;
const open = `if(open > 0 AND isFinite(open) AND open <= ifNull(${high}, inf) * ${1 + rounding} AND open >= ifNull(${low}, 0) * ${1 - rounding}, open, NULL)`;
/** A volume of 0 beside nothing but a close was not sent. */
const volume = `if(volume > 0 AND isFinite(volume) OR volume = 0 AND isNotNull(coalesce(${open}, ${high}, ${low})), volume, NULL)`;

/** A field that came with something in it, and is not kept. */
const lost = (field: string, kept: string): string =>
  `countIf(isNotNull(${field}) AND isNull(${kept}))`;

/**
 * How many fields of good rows are emptied, by field; `unreadable` counts cells with text that is no number.
 *
 * @param excluding as in `goodRows`
 */
export async function countEmptied(
  warehouse: Warehouse,
  incoming: string,
  excluding: boolean,
): Promise<Record<string, number>> {
  const rows = await warehouse.rows<Record<string, number>>(
    `SELECT ${lost("open", open)} AS open_emptied, ${lost("high", high)} AS high_emptied,
       ${lost("low", low)} AS low_emptied, ${lost("volume", volume)} AS volume_emptied,
       sum(unreadable) AS unreadable_emptied
     FROM ${goodRows(incoming, excluding, "symbol, day, open, high, low, close, volume, unreadable")}`,
  );
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([name, count]) => [name.replace("_emptied", ""), count]),
  );
}

/** What staged bars carry, and where they come from. */
export interface StageOptions {
  readonly source: string;
  readonly runId: string;
  readonly nowMs: number;
  /** As in `goodRows`. */
  readonly excluding: boolean;
}

/** Keeps which security each symbol is in `<incoming>_ids`: a list of thousands is too long for a bound parameter. */
export async function createIds(
  warehouse: Warehouse,
  incoming: string,
  idOf: ReadonlyMap<string, SecurityId>,
): Promise<void> {
  await dropIds(warehouse, incoming);
  await warehouse.command(
    `CREATE TABLE ${incoming}_ids (symbol String, security_id String) ENGINE = MergeTree ORDER BY symbol`,
  );
  await insertColumns(warehouse, `${incoming}_ids`, [
    { name: "symbol", type: "String", text: [...idOf.keys()] },
    { name: "security_id", type: "String", text: [...idOf.values()] },
  ]);
}

/** Drops the table of `createIds`. */
export async function dropIds(warehouse: Warehouse, incoming: string): Promise<void> {
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming}_ids SYNC`);
}

/**
 * Fills a staging table of bars with the good rows of an incoming table; what is known from the close of each session.
 * The securities are those of `createIds`.
 */
export async function stageBars(
  warehouse: Warehouse,
  incoming: string,
  staging: string,
  { source, runId, nowMs, excluding }: StageOptions,
): Promise<void> {
  const ids = (column: string): string =>
    `(SELECT groupArray(${column}) FROM (SELECT ${column} FROM ${incoming}_ids ORDER BY symbol))`;
  await warehouse.command(
    `INSERT INTO ${staging}
     SELECT {source:String}, transform(toString(symbol), ${ids("symbol")}, ${ids("security_id")}, '') AS security_id,
       i.day, s.close_at, 0, ${open}, ${high}, ${low}, assumeNotNull(close), ${volume}, capture, {runId:String},
       toDateTime({now:UInt32}, 'UTC')
     FROM ${goodRows(incoming, excluding, "symbol, day, open, high, low, close, volume, capture")} AS i
     INNER JOIN (SELECT day, any(close_at) AS close_at FROM sessions GROUP BY day) AS s ON i.day = s.day
     SETTINGS max_insert_threads = 2, optimize_on_insert = 0, max_partitions_per_insert_block = 0`,
    { source, runId, now: Math.floor(nowMs / 1000) },
  );
}

/**
 * Takes bars with a price split by mistake out of a staging table and puts them among the rejects.
 *
 * @returns how many there were
 */
export async function rejectMisSplits(
  warehouse: Warehouse,
  incoming: string,
  staging: string,
  idOf: ReadonlyMap<string, SecurityId>,
): Promise<number> {
  const symbolOf = new Map(Array.from(idOf, ([symbol, id]) => [id as string, symbol]));
  const found: { symbol: string; day: number }[] = [];
  for await (const { id, days, closes } of bySecurity(warehouse, staging)) {
    for (const at of findMisSplits(closes)) {
      found.push({ symbol: symbolOf.get(id)!, day: days[at]! });
    }
  }
  if (found.length === 0) return 0;
  await insertColumns(warehouse, `${incoming}_rejects`, [
    { name: "symbol", type: "String", text: found.map(({ symbol }) => symbol) },
    { name: "day", type: "Date", values: Uint16Array.from(found, ({ day }) => day) },
    {
      name: "reason",
      type: "String",
      text: found.map(() => "price split by mistake: the days around agree on another level"),
    },
  ]);
  await warehouse.command(
    `ALTER TABLE ${staging} DELETE
     WHERE (toString(security_id), day) IN (
       SELECT i.security_id, r.day FROM ${incoming}_rejects AS r INNER JOIN ${incoming}_ids AS i ON r.symbol = i.symbol)
     SETTINGS mutations_sync = 2`,
  );
  return found.length;
}

/** The closes of a table of bars, one security after the other, each ascending by day; valid until the next. */
async function* bySecurity(
  warehouse: Warehouse,
  table: string,
): AsyncGenerator<{ id: string; days: Uint16Array; closes: Float64Array }> {
  const rows = `SELECT security_id, day, close FROM ${table} ORDER BY source, security_id, day`;
  let id = "";
  let count = 0;
  let days = new Uint16Array(8192);
  let closes = new Float64Array(8192);
  const held = (): { id: string; days: Uint16Array; closes: Float64Array } => ({
    id,
    days: days.subarray(0, count),
    closes: closes.subarray(0, count),
  });
  for await (const block of warehouse.stream(rows)) {
    const { dictionary, codes } = coded(block, "security_id");
    const day = numbers(block, "day");
    const close = numbers(block, "close");
    let before = -1;
    for (let row = 0; row < block.rows; row++) {
      const code = codes[row]!;
      if (code !== before && dictionary[code] !== id) {
        if (count > 0) yield held();
        id = dictionary[code]!;
        count = 0;
      }
      before = code;
      if (count === closes.length) {
        days = grown(days, new Uint16Array(2 * count));
        closes = grown(closes, new Float64Array(2 * count));
      }
      days[count] = day[row]!;
      closes[count++] = close[row]!;
    }
  }
  if (count > 0) yield held();
}

function grown<Values extends Uint16Array | Float64Array>(from: Values, into: Values): Values {
  into.set(from);
  return into;
}
