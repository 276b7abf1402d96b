import type { CrossSection } from "./cross-section.ts";
import type { ReturnOrder } from "./forward-returns.ts";
import { rankCorrelation, tieTerm } from "./ranks.ts";

/** What one horizon gave on each kept day; arrays are aligned with the kept days, NaN where undefined. */
export interface HorizonDays {
  /** Rows of the price table. */
  readonly horizon: number;
  /** Rank information coefficient. */
  readonly ic: Float64Array;
  /** The same with returns minus the mean of their (day, group); empty without groups. */
  readonly icGroupAdjusted: Float64Array;
  /** By group: rank information coefficient among the group's names. */
  readonly icByGroup: readonly Float64Array[];
  /** Mean return of all kept names. */
  readonly universe: Float64Array;
  /** By quantile, lowest first: mean return of its names. */
  readonly quantiles: readonly Float64Array[];
  /** Return of the weights (f - mean) / sum |f - mean|. */
  readonly longShort: Float64Array;
  /** Return of the portfolio long above the median and short below, each side one half. */
  readonly equalWeight: Float64Array;
}

/** Columns for a number of days, all NaN. */
export function emptyHorizonDays(
  horizon: number,
  days: number,
  quantiles: number,
  groups: number,
): HorizonDays {
  const column = (): Float64Array => new Float64Array(days).fill(NaN);
  const columns = (count: number): Float64Array[] => Array.from({ length: count }, column);
  return {
    horizon,
    ic: column(),
    icGroupAdjusted: groups > 0 ? column() : new Float64Array(),
    icByGroup: columns(groups),
    universe: column(),
    quantiles: columns(quantiles),
    longShort: column(),
    equalWeight: column(),
  };
}

/** The same columns cut to their first days. */
export function firstDays(columns: HorizonDays, days: number): HorizonDays {
  const cut = (column: Float64Array): Float64Array => column.slice(0, days);
  return {
    horizon: columns.horizon,
    ic: cut(columns.ic),
    icGroupAdjusted: cut(columns.icGroupAdjusted),
    icByGroup: columns.icByGroup.map(cut),
    universe: cut(columns.universe),
    quantiles: columns.quantiles.map(cut),
    longShort: cut(columns.longShort),
    equalWeight: cut(columns.equalWeight),
  };
}

/**
 * Measures one horizon on one day.
 *
 * @param section the day's rows, ranked and weighed
 * @param returnOf return by column
 * @param byReturn columns in ascending order of return, at least the section's
 * @param into receives the day
 * @param day which kept day it is
 */
export function measureHorizon(
  section: CrossSection,
  returnOf: Float64Array,
  byReturn: ReturnOrder,
  into: HorizonDays,
  day: number,
): void {
  const { count, assets, bins, weights } = section;
  into.ic[day] = byReturn.tied
    ? correlationWithTies(section, returnOf, byReturn.columns)
    : correlationWithoutTies(section, byReturn.columns);

  const sums = new Float64Array(3 * into.quantiles.length);
  const names = new Int32Array(sums.length);
  let longShort = 0;
  for (let at = 0; at < count; at++) {
    const value = returnOf[assets[at]!]!;
    const bin = bins[at]!;
    sums[bin]! += value;
    names[bin]!++;
    longShort += weights[at]! * value;
  }
  into.longShort[day] = longShort;
  // By side of the median: below, at, above.
  const side = [0, 0, 0];
  const sideNames = [0, 0, 0];
  for (const [at, column] of into.quantiles.entries()) {
    let [sum, count] = [0, 0];
    for (let bin = 0; bin < 3; bin++) {
      sum += sums[3 * at + bin]!;
      count += names[3 * at + bin]!;
      side[bin]! += sums[3 * at + bin]!;
      sideNames[bin]! += names[3 * at + bin]!;
    }
    column[day] = sum / count;
  }
  into.universe[day] = (side[0]! + side[1]! + side[2]!) / count;
  const long = sideNames[2]! > 0 ? side[2]! / sideNames[2]! : 0;
  const short = sideNames[0]! > 0 ? side[0]! / sideNames[0]! : 0;
  into.equalWeight[day] = (long - short) / (Math.sign(sideNames[2]!) + Math.sign(sideNames[0]!));
}

function correlationWithoutTies(
  { rankOf, rankSquares, count }: CrossSection,
  columns: Uint16Array | Uint32Array,
): number {
  let place = 0;
  let products = 0;
  for (let at = 0; at < columns.length; at++) {
    const rank = rankOf[columns[at]!]!;
    if (rank > 0) products += rank * ++place;
  }
  return rankCorrelation(products, count, rankSquares, tieTerm(count) / 12);
}

function correlationWithTies(
  { rankOf, rankSquares, count }: CrossSection,
  returnOf: Float64Array,
  columns: Uint16Array | Uint32Array,
): number {
  let place = 0;
  let products = 0;
  let ties = 0;
  for (let from = 0; from < columns.length;) {
    const value = returnOf[columns[from]!]!;
    let [names, ranks] = [0, 0];
    for (; from < columns.length && returnOf[columns[from]!] === value; from++) {
      const rank = rankOf[columns[from]!]!;
      if (rank === 0) continue;
      names++;
      ranks += rank;
    }
    products += ranks * (place + (names + 1) / 2);
    ties += tieTerm(names);
    place += names;
  }
  return rankCorrelation(products, count, rankSquares, (tieTerm(count) - ties) / 12);
}
