import { forwardFactors } from "../market/adjustment.ts";
import type { SecurityId } from "../market/security.ts";
import { dayNumber, type TradingDay } from "../market/trading-day.ts";
import { coded, numbers, type Block } from "../warehouse/native/column.ts";
import { barRevisions, chooseSources } from "../warehouse/prices/read-bars.ts";
import { actionsOf, type SecurityAction } from "../warehouse/tables/corporate-actions.ts";
import type { PriceSource } from "../warehouse/tables/price-sources.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { sharedDoubles } from "../thread.ts";
import type { DayTable, Endings } from "./tables.ts";

/** Puts rows of (security, day, value) where they belong in a table. */
function scatter(block: Block, column: string, into: Float64Array, places: Places): void {
  const { dictionary, codes } = coded(block, "security_id");
  const days = numbers(block, "day");
  const values = numbers(block, column);
  const columnOf = Int32Array.from(dictionary, (id) => places.columnOf.get(id) ?? -1);
  for (let row = 0; row < block.rows; row++) {
    const asset = columnOf[codes[row]!]!;
    const day = places.rowOf[days[row]!]!;
    if (asset >= 0 && day >= 0) into[day * places.width + asset] = values[row]!;
  }
}

interface Places {
  readonly width: number;
  readonly columnOf: ReadonlyMap<string, number>;
  /** Row of each day since 1970, -1 where the table has none. */
  readonly rowOf: Int32Array;
}

function placesOf(days: readonly TradingDay[], assets: readonly string[]): Places {
  const rowOf = new Int32Array(65_536).fill(-1);
  for (const [row, day] of days.entries()) rowOf[dayNumber(day)] = row;
  return { width: assets.length, columnOf: new Map(assets.map((asset, at) => [asset, at])), rowOf };
}

/** A factor's days and securities in the warehouse. */
export interface StoredFactor {
  readonly factor: string;
  readonly version: number;
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly securities: readonly SecurityId[];
}

/** What the warehouse holds of a factor, in its newest version; undefined when it holds nothing. */
export async function storedFactor(
  warehouse: Warehouse,
  factor: string,
): Promise<StoredFactor | undefined> {
  const spans = await warehouse.rows<Pick<StoredFactor, "version" | "from" | "to">>(
    `SELECT version, min(day) AS from, max(day) AS to FROM factor_values
     WHERE factor = {factor:String} GROUP BY version ORDER BY version DESC LIMIT 1`,
    { factor },
  );
  const span = spans[0];
  if (span === undefined) return undefined;
  const names = await warehouse.rows<{ id: SecurityId }>(
    "SELECT DISTINCT security_id AS id FROM factor_values WHERE factor = {factor:String} AND version = {version:UInt16}",
    { factor, version: span.version },
  );
  return { factor, ...span, securities: names.map(({ id }) => id).sort() };
}

/** Loads a factor's values. */
export async function loadFactor(
  warehouse: Warehouse,
  { factor, version }: Pick<StoredFactor, "factor" | "version">,
  days: readonly TradingDay[],
  assets: readonly string[],
): Promise<DayTable> {
  const places = placesOf(days, assets);
  const values = new Float64Array(days.length * assets.length).fill(NaN);
  const rows = warehouse.stream(
    `SELECT security_id, day, value FROM factor_values
     WHERE factor = {factor:String} AND version = {version:UInt16} AND day BETWEEN {from:Date} AND {to:Date}`,
    { factor, version, from: days[0]!, to: days.at(-1)! },
  );
  for await (const block of rows) scatter(block, "value", values, places);
  return { days, assets, values };
}

/** Prices whose ratios are total returns, and what else an evaluation needs of them. */
export interface StoredPrices {
  readonly prices: DayTable;
  /** Closes as they stand in the source, for `--min-price`. */
  readonly closes: DayTable | undefined;
  /** Close times volume, dollars, for `--min-adv`. */
  readonly dollarVolumes: DayTable | undefined;
  readonly endings: Endings;
}

/** Which extra tables are loaded; each costs as much memory as the prices. */
export interface PriceExtras {
  readonly closes: boolean;
  readonly dollarVolumes: boolean;
}

/**
 * Loads total-return prices as they are known now: realised returns are judged by the best prices there are, unlike
 * factors, which see only what was known on their day.
 *
 * @param sources the preferred first; each security is read from the first that has it
 * @param ended securities that no ticker stands for any more
 */
export async function loadPrices(
  warehouse: Warehouse,
  sources: readonly PriceSource[],
  days: readonly TradingDay[],
  assets: readonly string[],
  extras: PriceExtras,
  ended: ReadonlySet<string>,
): Promise<StoredPrices> {
  const places = placesOf(days, assets);
  const empty = (): Float64Array => new Float64Array(days.length * assets.length).fill(NaN);
  // Whoever measures factors on them, all threads see them.
  const closes = sharedDoubles(days.length * assets.length).fill(NaN);
  const dollarVolumes = extras.dollarVolumes ? empty() : undefined;
  const last = days.at(-1)!;
  const chosen = await chooseSources(
    warehouse,
    sources.map(({ source }) => source),
    last,
  );
  const actions: SecurityAction[] = [];
  const ends: SecurityAction[] = [];
  for (const { source, basis } of sources) {
    const securities = new Set(chosen.get(source));
    if (securities.size === 0) continue;
    const of = {
      ...places,
      columnOf: new Map([...places.columnOf].filter(([id]) => securities.has(id as SecurityId))),
    };
    const volume = dollarVolumes ? ", close * volume AS dollar_volume" : "";
    const rows = warehouse.stream(
      `SELECT security_id, day, close${volume} FROM bars
       WHERE source = {source:String} AND revision = 0 AND day BETWEEN {from:Date} AND {to:Date}`,
      { source, from: days[0]!, to: last },
    );
    for await (const block of rows) {
      scatter(block, "close", closes, of);
      if (dollarVolumes) scatter(block, "dollar_volume", dollarVolumes, of);
    }
    for (const revision of await barRevisions(warehouse, source, last)) {
      const asset = of.columnOf.get(revision.securityId);
      const row = places.rowOf[dayNumber(revision.day)]!;
      if (asset !== undefined && row >= 0) closes[row * places.width + asset] = revision.close;
    }
    const known = (await actionsOf(warehouse, source)).filter((a) => securities.has(a.securityId));
    if (basis === "raw") actions.push(...known.filter(({ kind }) => kind !== "delisting"));
    ends.push(...known.filter(({ kind }) => kind === "delisting"));
  }
  const asTraded = extras.closes ? { days, assets, values: closes.slice() } : undefined;
  adjust(closes, days, places, actions);
  return {
    prices: { days, assets, values: closes },
    closes: asTraded,
    dollarVolumes: dollarVolumes && { days, assets, values: dollarVolumes },
    endings: endingsOf(closes, days, places, ends, ended),
  };
}

/** Turns closes as traded into total-return prices, column by column. */
function adjust(
  closes: Float64Array,
  days: readonly TradingDay[],
  { width, columnOf }: Places,
  actions: readonly SecurityAction[],
): void {
  const numbersOfDays = Uint16Array.from(days, dayNumber);
  for (const [securityId, ofSecurity] of Map.groupBy(actions, (action) => action.securityId)) {
    const asset = columnOf.get(securityId);
    if (asset === undefined) continue;
    const rows: number[] = [];
    for (let row = 0; row < days.length; row++) {
      if (!Number.isNaN(closes[row * width + asset]!)) rows.push(row);
    }
    const { totalReturn } = forwardFactors(
      {
        days: Uint16Array.from(rows, (row) => numbersOfDays[row]!),
        closes: Float64Array.from(rows, (row) => closes[row * width + asset]!),
      },
      ofSecurity,
    );
    for (const [bar, row] of rows.entries()) closes[row * width + asset]! *= totalReturn[bar]!;
  }
}

function endingsOf(
  prices: Float64Array,
  days: readonly TradingDay[],
  { width, columnOf }: Places,
  ends: readonly SecurityAction[],
  ended: ReadonlySet<string>,
): Endings {
  const lastRow = new Int32Array(width).fill(-1);
  const delistingReturn = new Float64Array(width).fill(NaN);
  const beyond = days.at(-1)!;
  const due = ends.filter(({ exDate }) => exDate <= beyond);
  for (const securityId of new Set([...ended, ...due.map((action) => action.securityId)])) {
    const asset = columnOf.get(securityId);
    if (asset === undefined) continue;
    let row = days.length - 1;
    while (row >= 0 && Number.isNaN(prices[row * width + asset]!)) row--;
    lastRow[asset] = row;
  }
  for (const { securityId, value } of due) {
    const asset = columnOf.get(securityId);
    if (asset !== undefined) delistingReturn[asset] = value;
  }
  return { lastRow, delistingReturn };
}
