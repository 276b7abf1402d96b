import type { SecurityId } from "../../market/security.ts";
import { dayNumber, fromDayNumber, type TradingDay } from "../../market/trading-day.ts";
import { coded, numbers } from "../native/column.ts";
import type { Warehouse } from "../warehouse.ts";

/** One security's bars of one source by columns, ascending by day; NaN where a field is missing. */
export interface SecurityBars {
  readonly securityId: SecurityId;
  /** Days since 1970. */
  readonly days: Uint16Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** A bar that took the place of another, and since when that is known. */
export interface BarRevision {
  readonly securityId: SecurityId;
  readonly day: TradingDay;
  /** Ms since 1970 UTC. */
  readonly knownMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Which bars are read. */
export interface BarSelection {
  readonly source: string;
  readonly securities: readonly SecurityId[];
  /** Last day, included. */
  readonly to: TradingDay;
}

const fields = ["open", "high", "low", "close", "volume"] as const;

/** Columns that grow as rows come. */
class Columns {
  #days = new Uint16Array(4096);
  #values = fields.map(() => new Float64Array(4096));
  #count = 0;

  push(day: number, row: readonly ArrayLike<number>[], at: number): void {
    if (this.#count === this.#days.length) this.#grow();
    this.#days[this.#count] = day;
    for (let field = 0; field < fields.length; field++) {
      this.#values[field]![this.#count] = row[field]![at]!;
    }
    this.#count++;
  }

  #grow(): void {
    const days = new Uint16Array(2 * this.#days.length);
    days.set(this.#days);
    this.#days = days;
    this.#values = this.#values.map((values) => {
      const wider = new Float64Array(2 * values.length);
      wider.set(values);
      return wider;
    });
  }

  /** What was pushed, copied, and begins anew. */
  take(securityId: SecurityId): SecurityBars {
    const [open, high, low, close, volume] = this.#values.map((values) =>
      values.slice(0, this.#count),
    );
    const days = this.#days.slice(0, this.#count);
    this.#count = 0;
    return {
      securityId,
      days,
      open: open!,
      high: high!,
      low: low!,
      close: close!,
      volume: volume!,
    };
  }

  get count(): number {
    return this.#count;
  }
}

/**
 * Streams bars as first stored, one security after the other in the order of their ids. Revisions are left out: see
 * `barRevisions`.
 */
export async function* readBars(
  warehouse: Warehouse,
  { source, securities, to }: BarSelection,
): AsyncGenerator<SecurityBars> {
  const columns = new Columns();
  let id: string | undefined;
  const rows = warehouse.stream(
    `SELECT security_id, day, ${fields.join(", ")} FROM bars
     WHERE source = {source:String} AND security_id IN {securities:Array(String)} AND day <= {to:Date} AND revision = 0
     ORDER BY source, security_id, day, known_at`,
    { source, securities, to },
  );
  for await (const block of rows) {
    const { dictionary, codes } = coded(block, "security_id");
    const days = numbers(block, "day");
    const values = fields.map((field) => numbers(block, field));
    let before = -1;
    for (let row = 0; row < block.rows; row++) {
      const code = codes[row]!;
      if (code !== before && dictionary[code] !== id) {
        if (columns.count > 0) yield columns.take(id as SecurityId);
        id = dictionary[code]!;
      }
      before = code;
      columns.push(days[row]!, values, row);
    }
  }
  if (columns.count > 0) yield columns.take(id as SecurityId);
}

/** All revisions of bars, in the order in which they became known. */
export async function barRevisions(
  warehouse: Warehouse,
  source: string,
  to: TradingDay,
): Promise<BarRevision[]> {
  const rows = await warehouse.rows<
    Record<(typeof fields)[number], number | null> & {
      securityId: SecurityId;
      number: number;
      knownMs: number;
    }
  >(
    `SELECT security_id AS securityId, toUInt16(day) AS number, toUnixTimestamp(known_at) * 1000 AS knownMs,
       ${fields.join(", ")}
     FROM bars WHERE source = {source:String} AND revision > 0 AND day <= {to:Date}
     ORDER BY known_at, security_id, day`,
    { source, to },
  );
  return rows.map(({ securityId, number, knownMs, open, high, low, close, volume }) => ({
    securityId,
    day: fromDayNumber(number),
    knownMs,
    open: open ?? NaN,
    high: high ?? NaN,
    low: low ?? NaN,
    close: close ?? NaN,
    volume: volume ?? NaN,
  }));
}

/** The same bars with some of them replaced. */
export function revised(bars: SecurityBars, revisions: readonly BarRevision[]): SecurityBars {
  const copy = { ...bars };
  for (const field of fields) copy[field] = bars[field].slice();
  for (const revision of revisions) {
    const at = bars.days.indexOf(dayNumber(revision.day));
    if (at < 0) continue;
    for (const field of fields) copy[field][at] = revision[field];
  }
  return copy;
}

/** Which source each security is read from: the first in the order that has bars of it. */
export async function chooseSources(
  warehouse: Warehouse,
  order: readonly string[],
  to: TradingDay,
): Promise<Map<string, SecurityId[]>> {
  const rows = await warehouse.rows<{ source: string; securityId: SecurityId }>(
    `SELECT DISTINCT source, security_id AS securityId FROM bars
     WHERE source IN {order:Array(String)} AND day <= {to:Date}`,
    { order, to },
  );
  rows.sort((a, b) => (a.securityId < b.securityId ? -1 : 1));
  const best = new Map<SecurityId, string>();
  for (const { source, securityId } of rows) {
    const before = best.get(securityId);
    if (before === undefined || order.indexOf(source) < order.indexOf(before)) {
      best.set(securityId, source);
    }
  }
  const chosen = new Map<string, SecurityId[]>(order.map((source) => [source, []]));
  for (const [securityId, source] of best) chosen.get(source)!.push(securityId);
  return chosen;
}
