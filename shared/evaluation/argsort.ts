/** Keys of 32 bits and the position each came from, moved together. */
interface Lane {
  readonly keys: Int32Array;
  readonly order: Int32Array;
}

function lane(capacity: number): Lane {
  return { keys: new Int32Array(capacity), order: new Int32Array(capacity) };
}

/** One stable pass of a radix sort: by the bits of each key at `shift` that `mask` leaves. */
function scatter(
  from: Lane,
  to: Lane,
  count: number,
  shift: number,
  mask: number,
  starts: Int32Array,
): void {
  const { keys, order } = from;
  const { keys: toKeys, order: toOrder } = to;
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
  /** Bits of a digit: few values pay for few counters with a pass more. */
  readonly #bits: number;
  /** By pass, how often each digit occurs. */
  readonly #counts: readonly Int32Array[];

  /** @param capacity most values one call may sort */
  constructor(capacity: number) {
    this.#doubles = new Float64Array(capacity);
    this.#words = new Int32Array(this.#doubles.buffer);
    this.#a = lane(capacity);
    this.#b = lane(capacity);
    this.#bits = capacity < 2048 ? 8 : 11;
    const passes = Math.ceil(32 / this.#bits);
    this.#counts = Array.from({ length: passes }, () => new Int32Array(2 ** this.#bits));
  }

  /**
   * The positions of `values[0 .. count)` in ascending order of value; equal values keep their order.
   * The result is scratch memory: valid until the next call.
   *
   * @param values no NaN among the first `count`
   */
  sort(values: Float64Array, count: number): Int32Array {
    const { keys, order } = this.#a;
    const words = this.#words;
    // Adding 0 turns -0 into 0, so that equal values have equal keys.
    const doubles = this.#doubles;
    for (let at = 0; at < count; at++) doubles[at] = values[at]! + 0;
    for (let at = 0; at < count; at++) {
      keys[at] = highKey(words, at);
      order[at] = at;
    }
    this.#sortByKeys(count);
    if (!this.#insertion(count)) this.#sortByAllBits(count);
    return this.#b.order.subarray(0, count);
  }

  /** Sorts lane a by the keys at hand; the result is in lane b. */
  #sortByKeys(count: number): void {
    const bits = this.#bits;
    const mask = 2 ** bits - 1;
    const { keys } = this.#a;
    for (const [pass, counts] of this.#counts.entries()) {
      counts.fill(0);
      const shift = pass * bits;
      for (let at = 0; at < count; at++) counts[(keys[at]! >>> shift) & mask]!++;
      toStarts(counts);
    }
    let [from, to] = [this.#a, this.#b];
    for (const [pass, starts] of this.#counts.entries()) {
      scatter(from, to, count, pass * bits, mask, starts);
      [from, to] = [to, from];
    }
    // An even number of passes ends where it began.
    if (from === this.#a) {
      this.#b.keys.set(this.#a.keys.subarray(0, count));
      this.#b.order.set(this.#a.order.subarray(0, count));
    }
  }

  #sortByAllBits(count: number): void {
    const { keys, order } = this.#a;
    for (let at = 0; at < count; at++) {
      keys[at] = lowKey(this.#words, at);
      order[at] = at;
    }
    this.#sortByKeys(count);
    order.set(this.#b.order.subarray(0, count));
    for (let at = 0; at < count; at++) keys[at] = highKey(this.#words, order[at]!);
    this.#sortByKeys(count);
  }

  /** Orders runs of equal keys by their doubles; false when that needs more than a few moves a value. */
  #insertion(count: number): boolean {
    const { keys, order } = this.#b;
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

// IEEE 754 doubles order as unsigned integers once the sign bit of positives is set and negatives are inverted.

function highKey(words: Int32Array, position: number): number {
  const high = words[2 * position + 1]!;
  return high ^ ((high >> 31) | 0x80000000);
}

function lowKey(words: Int32Array, position: number): number {
  return words[2 * position]! ^ (words[2 * position + 1]! >> 31);
}
