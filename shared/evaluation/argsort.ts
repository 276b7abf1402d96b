/** Keys of 32 bits and the position each came from, moved together. */
interface Lane {
  readonly keys: Int32Array;
  readonly order: Int32Array;
}

/** Counters of three passes, and of a fourth where digits are short. */
type Counters = readonly [Int32Array, Int32Array, Int32Array, Int32Array?];

/** How a key is cut into digits: few values pay for few counters with a pass more. */
interface Digits {
  readonly bits: number;
  readonly passes: 3 | 4;
}

const digitsFor = (capacity: number): Digits =>
  capacity < 2048 ? { bits: 8, passes: 4 } : { bits: 11, passes: 3 };

/** One stable pass of a radix sort: by the bits of each key at `shift` that `mask` leaves. */
function scatter(
  keys: Int32Array,
  order: Int32Array,
  toKeys: Int32Array,
  toOrder: Int32Array,
  count: number,
  shift: number,
  mask: number,
  starts: Int32Array,
): void {
  for (let at = 0; at < count; at++) {
    const key = keys[at]!;
    const digit = (key >>> shift) & mask;
    const slot = starts[digit]!;
    starts[digit] = slot + 1;
    toKeys[slot] = key;
    toOrder[slot] = order[at]!;
  }
}

/** Turns how often each digit occurs into where its first key goes. */
function toStarts(counts: Int32Array): void {
  let sum = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const here = counts[digit]!;
    counts[digit] = sum;
    sum += here;
  }
}

/**
 * Sorts the positions of doubles, ascending, without a comparator: a radix sort on the high 32 bits of the
 * order-preserving integer form of each double, then an insertion pass over runs that differ only below. Values that
 * cluster (the insertion pass runs long) are sorted by their low bits first.
 *
 * One instance owns the scratch memory of one capacity and is reused day after day.
 */
export class ArgSort {
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;
  readonly #a: Lane;
  readonly #b: Lane;
  readonly #digits: Digits;
  /** By pass, how often each digit occurs. */
  readonly #counts: readonly Int32Array[];

  /** @param capacity most values one call may sort */
  constructor(capacity: number) {
    const lane = (): Lane => ({ keys: new Int32Array(capacity), order: new Int32Array(capacity) });
    this.#doubles = new Float64Array(capacity);
    this.#words = new Int32Array(this.#doubles.buffer);
    this.#a = lane();
    this.#b = lane();
    this.#digits = digitsFor(capacity);
    const { bits, passes } = this.#digits;
    this.#counts = Array.from({ length: passes }, () => new Int32Array(2 ** bits));
  }

  /**
   * The positions of `values[0 .. count)` in ascending order of value; equal values keep their order.
   * The result is scratch memory: valid until the next call.
   *
   * @param values no NaN among the first `count`
   */
  sort(values: Float64Array, count: number): Int32Array {
    const doubles = this.#doubles;
    // Adding 0 turns -0 into 0, so that equal values have equal keys.
    for (let at = 0; at < count; at++) doubles[at] = values[at]! + 0;
    const { keys, order } = this.#a;
    for (let at = 0; at < count; at++) order[at] = at;
    this.#makeKeys(keys, order, count, 1);
    let sorted = this.#sortByKeys(count);
    if (!this.#insertion(sorted, count)) sorted = this.#sortByAllBits(count);
    return sorted.order.subarray(0, count);
  }

  /**
   * Makes the keys of positions from the high (1) or low (0) words of their doubles, and counts their digits in the same
   * look. IEEE 754 doubles order as unsigned integers once the sign bit of positives is set and negatives are inverted.
   */
  #makeKeys(keys: Int32Array, order: Int32Array, count: number, half: 0 | 1): void {
    const words = this.#words;
    const { bits } = this.#digits;
    const mask = 2 ** bits - 1;
    const [first, second, third, fourth] = this.#counts as Counters;
    const sign = half === 1 ? 0x80000000 : 0;
    for (const counts of this.#counts) counts.fill(0);
    for (let at = 0; at < count; at++) {
      const word = 2 * order[at]!;
      const key = words[word + half]! ^ ((words[word + 1]! >> 31) | sign);
      keys[at] = key;
      first[key & mask]!++;
      second[(key >>> bits) & mask]!++;
      third[(key >>> (2 * bits)) & mask]!++;
    }
    if (fourth) for (let at = 0; at < count; at++) fourth[keys[at]! >>> (3 * bits)]!++;
    for (const counts of this.#counts) toStarts(counts);
  }

  /** Sorts lane a by the keys just made. @returns the lane that holds the result */
  #sortByKeys(count: number): Lane {
    const { bits, passes } = this.#digits;
    const mask = 2 ** bits - 1;
    let [from, to] = [this.#a, this.#b];
    for (let pass = 0; pass < passes; pass++) {
      const starts = this.#counts[pass]!;
      scatter(from.keys, from.order, to.keys, to.order, count, pass * bits, mask, starts);
      [from, to] = [to, from];
    }
    return from;
  }

  #sortByAllBits(count: number): Lane {
    const { keys, order } = this.#a;
    for (let at = 0; at < count; at++) order[at] = at;
    this.#makeKeys(keys, order, count, 0);
    const byLow = this.#sortByKeys(count);
    if (byLow.order !== order) order.set(byLow.order.subarray(0, count));
    this.#makeKeys(keys, order, count, 1);
    return this.#sortByKeys(count);
  }

  /** Orders runs of equal keys by their doubles; false when that needs more than a few moves a value. */
  #insertion({ keys, order }: Lane, count: number): boolean {
    const doubles = this.#doubles;
    let budget = 4 * count;
    for (let at = 1; at < count; at++) {
      const key = keys[at]!;
      if (key !== keys[at - 1]) continue;
      const position = order[at]!;
      const value = doubles[position]!;
      let to = at;
      while (to > 0 && keys[to - 1] === key && doubles[order[to - 1]!]! > value) {
        order[to] = order[to - 1]!;
        to--;
      }
      order[to] = position;
      budget -= at - to;
      if (budget < 0) return false;
    }
    return true;
  }
}
