/** Sessions of a block; windows of at least two blocks are summed by blocks. */
const blockLength = 32;

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
 * Adding what enters and subtracting what leaves would make a sum depend on where the array begins. Here a long window is
 * the tail of a block, whole blocks and the head of a block, with blocks at fixed places of the calendar: every sum uses
 * the window's values alone, always in the same order, at a few additions a value.
 *
 * @param values any length
 * @param window sessions, 1 or more
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function trailingSums(values: Float64Array, window: number, epoch: number): TrailingSums {
  const present = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  const zeroed = values.map((value) => (Number.isNaN(value) ? 0 : value));
  return {
    sums: trailing(zeroed, window, epoch, NaN),
    counts: trailing(present, window, epoch, 0),
  };
}

function trailing(
  values: Float64Array,
  window: number,
  epoch: number,
  before: number,
): Float64Array {
  return window < 2 * blockLength
    ? trailingDirect(values, window, before)
    : trailingByBlocks(values, window, epoch, before);
}

function trailingDirect(values: Float64Array, window: number, before: number): Float64Array {
  const sums = new Float64Array(values.length).fill(before);
  for (let at = window - 1; at < values.length; at++) {
    let sum = 0;
    for (let back = at - window + 1; back <= at; back++) sum += values[back]!;
    sums[at] = sum;
  }
  return sums;
}

function trailingByBlocks(
  values: Float64Array,
  window: number,
  epoch: number,
  before: number,
): Float64Array {
  const length = values.length;
  const placeOf = (at: number): number => (epoch + at) % blockLength;
  // Sum from the block's begin up to a position, and from a position to the block's end.
  const heads = new Float64Array(length);
  const tails = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    heads[at] = at > 0 && placeOf(at) > 0 ? heads[at - 1]! + values[at]! : values[at]!;
  }
  for (let at = length - 1; at >= 0; at--) {
    const last = at === length - 1 || placeOf(at) === blockLength - 1;
    tails[at] = last ? values[at]! : tails[at + 1]! + values[at]!;
  }
  const sums = new Float64Array(length).fill(before);
  for (let at = window - 1; at < length; at++) {
    const first = at - window + 1;
    let sum = tails[first]!;
    // The first position after the block of `first`; a whole block's sum is the head at its last position.
    let block = first + blockLength - placeOf(first);
    for (; block + blockLength <= at + 1; block += blockLength)
      sum += heads[block + blockLength - 1]!;
    sums[at] = block <= at ? sum + heads[at]! : sum;
  }
  return sums;
}
