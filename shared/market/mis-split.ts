/** Ratios by which a vendor mistakenly splits a day's price, or fails to. */
const ratios = [2, 3, 4, 5, 7, 8, 10, 15, 20, 25, 30, 50, 100];

/** How far a price may be from an exact ratio, and the two sides from each other, as a ratio of prices. */
const tolerance = 1.06;
const agreement = 1.1;

/** Bars on either side that a bar is held against. */
const reach = 5;
const fewest = 3;

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function near(a: number, b: number, within: number): boolean {
  return a < b * within && b < a * within;
}

/** How many closes are near a level. */
function calm(closes: Float64Array, level: number): number {
  return closes.reduce((count, close) => count + (near(close, level, agreement) ? 1 : 0), 0);
}

/**
 * Bars whose close stands by a split's ratio above or below both the days before and the days after, which agree with each
 * other: a split applied for a day or a few, or a price in the wrong unit. A true split leaves the days after at the new
 * level, and a true crash is at no such ratio, or stays.
 *
 * @param closes one security's, ascending by day
 * @returns their positions, ascending
 */
export function findMisSplits(closes: Float64Array): number[] {
  const found: number[] = [];
  for (let at = fewest; at < closes.length - fewest; at++) {
    const close = closes[at]!;
    // Most days are near one of their neighbours, and need no more than this look.
    if (near(close, closes[at - 1]!, 1.4) && near(close, closes[at + 1]!, 1.4)) continue;
    const before = closes.subarray(Math.max(0, at - reach), at);
    const after = closes.subarray(at + 1, at + 1 + reach);
    const level = Math.sqrt(median(before) * median(after));
    if (calm(before, level) < fewest || calm(after, level) < fewest) continue;
    const ratio = close > level ? close / level : level / close;
    if (ratios.some((split) => near(ratio, split, tolerance))) found.push(at);
  }
  return found;
}
