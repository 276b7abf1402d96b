/** Sums and counts over trailing windows; entries before the first full window are NaN and 0. */
export interface TrailingSums {
  /** Sum of the values in the window that are not NaN. */
  readonly sums: Float64Array;
  /** How many they are. */
  readonly counts: Float64Array;
}

/**
 * Sums of `values[t - window + 1 .. t]` for every t, leaving out NaN.
 *
 * Adding what enters and subtracting what leaves would make a sum depend on where the array begins. Here the
 * calendar is cut into segments of `window` sessions. A window is the tail of one segment and the head of the
 * next, and its sum is the sum from the cut backwards plus the sum from the cut forwards: always the same
 * additions of the window's own values, three a session whatever its length (van Herk 1992 and Gil and Werman
 * 1993, there for maxima).
 *
 * @param values any length
 * @param window sessions, 1 or more
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function trailingSums(values: Float64Array, window: number, epoch: number): TrailingSums {
  const length = values.length;
  const sums = new Float64Array(length).fill(NaN);
  const counts = new Float64Array(length);
  // From a place in the segment before to its end; the last entry is the empty tail.
  const tailSums = new Float64Array(window + 1);
  const tailCounts = new Float64Array(window + 1);
  for (let begin = -(epoch % window); begin < length; begin += window) {
    const from = Math.max(begin, 0);
    const to = Math.min(begin + window, length);
    let sum = 0;
    let count = 0;
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (!Number.isNaN(value)) {
        sum += value;
        count++;
      }
      if (at < window - 1) continue;
      sums[at] = tailSums[at - begin + 1]! + sum;
      counts[at] = tailCounts[at - begin + 1]! + count;
    }
    sum = 0;
    count = 0;
    for (let at = to - 1; at >= from; at--) {
      const value = values[at]!;
      if (!Number.isNaN(value)) {
        sum += value;
        count++;
      }
      tailSums[at - begin] = sum;
      tailCounts[at - begin] = count;
    }
  }
  return { sums, counts };
}
