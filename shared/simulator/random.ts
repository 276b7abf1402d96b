import { normal } from "./ziggurat.ts";

/**
 * A stream of chance that belongs to a seed and a label: the same pair gives the same numbers whatever else is drawn, so
 * that any part of a simulation can be made alone and in any order.
 *
 * The generator is sfc32 (Doty-Humphrey, PractRand), 128 bits of state, seeded by a 128-bit hash of the pair.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /**
   * @param seed any number that prints differently from other seeds
   * @param label what the numbers are for, `returns/17`
   */
  constructor(seed: number, label: string) {
    [this.#a, this.#b, this.#c, this.#counter] = hash128(`${seed}/${label}`);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** The next 32 bits, a signed integer. */
  next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }

  /** Uniform in the open interval (0, 1), a multiple of 2^-33. */
  uniform(): number {
    return ((this.next() >>> 0) + 0.5) / 4_294_967_296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 to `count - 1`, each equally likely (to 2^-32 times `count`). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of a list. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.integer(items.length)]!;
  }

  /** Standard normal. */
  normal(): number {
    return normal(this);
  }

  /** Exponential with a mean: the waiting time to the next event of a Poisson process. */
  exponential(mean: number): number {
    return -Math.log(this.uniform()) * mean;
  }

  /** Fills an array, or its part `from .. to - 1`, with independent standard normals. */
  fillNormal(out: Float64Array, from = 0, to = out.length): void {
    for (let at = from; at < to; at++) out[at] = normal(this);
  }
}

/** Four words from a text, each depending on every character (cyrb128, public domain, with murmur3's finalizer). */
function hash128(text: string): [number, number, number, number] {
  let a = 1_779_033_703;
  let b = 3_144_134_277;
  let c = 1_013_904_242;
  let d = 2_773_480_762;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = finalize(c ^ a);
  b = finalize(d ^ b);
  c = finalize(a ^ c);
  d = finalize(b ^ d);
  return [(a ^ b ^ c ^ d) | 0, (b ^ a) | 0, (c ^ a) | 0, (d ^ a) | 0];
}

function finalize(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
