/** Maxima and counts over trailing windows; entries before the first full window are NaN and 0. */
export interface TrailingMaxima {
  /** Largest of the values in the window that are not NaN; NaN when there is none. */
  readonly maxima: Float64Array;
  /** How many they are. */
  readonly counts: Float64Array;
}

/**
 * Maxima of `values[t - window + 1 .. t]` for every t, leaving out NaN: the larger of a tail and a head of
 * neighbouring segments, as in `trailingSums` (van Herk 1992, Gil and Werman 1993). A maximum does not depend
 * on order, so the segments begin with the array.
 *
 * @param values any length
 * @param window sessions, 1 or more
 */
export function trailingMaxima(values: Float64Array, window: number): TrailingMaxima {
  const length = values.length;
  const maxima = new Float64Array(length).fill(NaN);
  const counts = new Float64Array(length);
  // From a place in the segment before to its end; the last entry is the empty tail.
  const tailMaxima = new Float64Array(window + 1).fill(-Infinity);
  const tailCounts = new Float64Array(window + 1);
  for (let begin = 0; begin < length; begin += window) {
    const to = Math.min(begin + window, length);
    let max = -Infinity;
    let count = 0;
    for (let at = begin; at < to; at++) {
      const value = values[at]!;
      if (!Number.isNaN(value)) {
        max = Math.max(max, value);
        count++;
      }
      if (at < window - 1) continue;
      counts[at] = tailCounts[at - begin + 1]! + count;
      if (counts[at]! > 0) maxima[at] = Math.max(tailMaxima[at - begin + 1]!, max);
    }
    max = -Infinity;
    count = 0;
    for (let at = to - 1; at >= begin; at--) {
      const value = values[at]!;
      if (!Number.isNaN(value)) {
        max = Math.max(max, value);
        count++;
      }
      tailMaxima[at - begin] = max;
      tailCounts[at - begin] = count;
    }
  }
  return { maxima, counts };
}
