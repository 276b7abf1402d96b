import { requiredObservations } from "./coverage.ts";

/** Sessions of a segment of the calendar, at whose ends the recursion is composed. */
const segmentLength = 16;

/**
 * Wilder's average of `values[t - window + 1 .. t]` for every t, NaN left out: the simple average of the
 * first n values, then for each later one `average = ((n - 1) * average + value) / n` (Wilder 1978, "New
 * Concepts in Technical Trading Systems").
 *
 * It begins anew for every t, so the window alone decides it, whatever came before. NaN with fewer than n
 * values, or with fewer than `requiredObservations` of the sessions from the window's first value to t.
 *
 * A step is the affine map `a -> decay * a + value / n` with `decay = (n - 1) / n`, and k steps in a row
 * compose to `a -> decay^k * a + inflow`. The inflows of segments at fixed places of the calendar are made
 * once, so a value costs a few compositions instead of `window` steps, and they are the same ones in any
 * split of the work.
 *
 * @param values any length, NaN where missing
 * @param n values the average looks back on, 1 or more
 * @param window sessions, n or more
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function wilderAverages(
  values: Float64Array,
  n: number,
  window: number,
  epoch: number,
): Float64Array {
  const decay = (n - 1) / n;
  const decays = powers(decay, segmentLength);
  const { positions, countBefore } = presence(values);
  const seeds = leadingMeans(values, positions, n);
  const inflows = segmentInflows(values, n, epoch);

  const averages = new Float64Array(values.length).fill(NaN);
  for (let at = 0; at < values.length; at++) {
    const first = countBefore[Math.max(0, at - window + 1)]!;
    const count = countBefore[at + 1]! - first;
    if (count < n || count < requiredObservations(at + 1 - positions[first]!)) continue;

    let average = seeds[first]!;
    let next = positions[first + n - 1]! + 1;
    const cut = Math.min(next + segmentLength - ((epoch + next) % segmentLength), at + 1);
    for (; next < cut; next++) {
      const value = values[next]!;
      if (!Number.isNaN(value)) average = decay * average + value / n;
    }
    while (next <= at) {
      const end = Math.min(next + segmentLength, at + 1);
      average = decays[countBefore[end]! - countBefore[next]!]! * average + inflows[end - 1]!;
      next = end;
    }
    averages[at] = average;
  }
  return averages;
}

/** Where the values are that are not NaN, and how many lie before each position, the end included. */
function presence(values: Float64Array): { positions: Int32Array; countBefore: Int32Array } {
  const positions = new Int32Array(values.length);
  const countBefore = new Int32Array(values.length + 1);
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    countBefore[at] = count;
    if (!Number.isNaN(values[at]!)) positions[count++] = at;
  }
  countBefore[values.length] = count;
  return { positions: positions.subarray(0, count), countBefore };
}

/** For each value present, the mean of it and the n - 1 after it; NaN where they are fewer. */
function leadingMeans(values: Float64Array, positions: Int32Array, n: number): Float64Array {
  const means = new Float64Array(positions.length).fill(NaN);
  for (let first = 0; first + n <= positions.length; first++) {
    let sum = 0;
    for (let index = first; index < first + n; index++) sum += values[positions[index]!]!;
    means[first] = sum / n;
  }
  return means;
}

/** What the steps from the begin of a position's segment up to the position add to an average. */
function segmentInflows(values: Float64Array, n: number, epoch: number): Float64Array {
  const inflows = new Float64Array(values.length);
  const decay = (n - 1) / n;
  let inflow = 0;
  for (let at = 0; at < values.length; at++) {
    if ((epoch + at) % segmentLength === 0) inflow = 0;
    const value = values[at]!;
    if (!Number.isNaN(value)) inflow = decay * inflow + value / n;
    inflows[at] = inflow;
  }
  return inflows;
}

/** `base` to the power of 0 .. `highest`. */
function powers(base: number, highest: number): Float64Array {
  const all = new Float64Array(highest + 1).fill(1);
  for (let exponent = 1; exponent <= highest; exponent++) {
    all[exponent] = all[exponent - 1]! * base;
  }
  return all;
}
