/** Where a security stands in a sort: small or big, and low, neutral or high; undefined where it can't be told. */
export interface Place {
  readonly size: "S" | "B";
  readonly level: "L" | "N" | "H";
}

/** A quantile of numbers by linear interpolation between the order statistics. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/**
 * Sorts securities into two sizes and three levels of a characteristic, independently: at the median of size, and at the 30th and
 * 70th percentile of the characteristic. Fama and French take those of New York's stock exchange; here they are of all
 * securities that have both, as nobody tells where a security was listed then.
 *
 * @param sizes by security; NaN where it has none
 * @param values the characteristic
 */
export function sortTwoByThree(sizes: Float64Array, values: Float64Array): (Place | undefined)[] {
  const has = (at: number): boolean => Number.isFinite(values[at]!) && sizes[at]! > 0;
  const members = [...sizes.keys()].filter(has);
  if (members.length === 0) return Array.from(sizes, () => undefined);
  const median = quantileOf(Float64Array.from(members, (at) => sizes[at]!).sort(), 0.5);
  const all = Float64Array.from(members, (at) => values[at]!).sort();
  const low = quantileOf(all, 0.3);
  const high = quantileOf(all, 0.7);
  return Array.from(sizes, (size, at) => {
    if (!has(at)) return undefined;
    const value = values[at]!;
    return {
      size: size <= median ? "S" : "B",
      level: value <= low ? "L" : value > high ? "H" : "N",
    };
  });
}

/** Value-weighted returns of the six portfolios of a sort on one day; NaN for one without members. */
export type SixReturns = Readonly<Record<`${Place["size"]}${Place["level"]}`, number>>;

/**
 * The day's returns of the six portfolios.
 *
 * @param places by security, as they were sorted last
 * @param weights market capitalisation at the close before
 * @param returns of the day; a security without one is left out
 */
export function sixReturns(
  places: readonly (Place | undefined)[],
  weights: Float64Array,
  returns: Float64Array,
): SixReturns {
  const sums = { SL: 0, SN: 0, SH: 0, BL: 0, BN: 0, BH: 0 };
  const totals = { ...sums };
  for (const [at, place] of places.entries()) {
    const weight = weights[at]!;
    const value = returns[at]!;
    if (place === undefined || !(weight > 0) || !Number.isFinite(value)) continue;
    const name = `${place.size}${place.level}` as const;
    sums[name] += weight * value;
    totals[name] += weight;
  }
  const mean = (name: keyof typeof sums): number => sums[name] / totals[name];
  return {
    SL: mean("SL"),
    SN: mean("SN"),
    SH: mean("SH"),
    BL: mean("BL"),
    BN: mean("BN"),
    BH: mean("BH"),
  };
}

/** High less low, the mean over both sizes. */
export function highMinusLow({ SL, SH, BL, BH }: SixReturns): number {
  return (SH + BH) / 2 - (SL + BL) / 2;
}

/** Small less big, the mean over the three levels. */
export function smallMinusBig({ SL, SN, SH, BL, BN, BH }: SixReturns): number {
  return (SL + SN + SH) / 3 - (BL + BN + BH) / 3;
}
