import { dayMs } from "../../units.ts";

/** Words in a row that are compared. */
const shingleWords = 4;
/** Hashes that stand for a text, in bands: texts that agree in a band are compared. */
const bands = 16;
const rowsPerBand = 3;
/** Share of shingles in common from which two texts are one story. */
const sameStory = 0.7;
/** Days within which one story is told. */
export const storyDays = 3;

/** A text as what is compared of it. */
export interface Fingerprint {
  readonly shingles: ReadonlySet<number>;
  readonly bands: readonly string[];
}

function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}

/** The shingles of a text, without regard to case and marks, and its MinHash by bands. */
export function fingerprint(text: string): Fingerprint {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const shingles = new Set<number>();
  const last = Math.max(1, words.length - shingleWords + 1);
  for (let at = 0; at < last; at++) {
    shingles.add(hash(words.slice(at, at + shingleWords).join(" "), 0));
  }
  const least = new Uint32Array(bands * rowsPerBand).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let row = 0; row < least.length; row++) {
      const mixed = Math.imul(shingle ^ Math.imul(row + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
      const value = (mixed ^ (mixed >>> 15)) >>> 0;
      if (value < least[row]!) least[row] = value;
    }
  }
  return {
    shingles,
    bands: Array.from({ length: bands }, (_, band) =>
      [band, ...least.subarray(band * rowsPerBand, (band + 1) * rowsPerBand)].join(" "),
    ),
  };
}

/** Shingles in common, of all that either has. */
export function likeness(a: Fingerprint, b: Fingerprint): number {
  let common = 0;
  for (const shingle of a.shingles) if (b.shingles.has(shingle)) common++;
  return common / (a.shingles.size + b.shingles.size - common);
}

/** Finds the story that a text tells: the first one of these days whose text is nearly the same. */
export class Stories {
  readonly #byBand = new Map<
    string,
    { readonly story: string; readonly print: Fingerprint; readonly atMs: number }[]
  >();

  /**
   * @param atMs when it was told, ms since 1970 UTC
   * @param known its story, where that is known
   * @returns the story of the text, which is its own id where nobody told it before
   */
  add(id: string, text: string, atMs: number, known?: string): string {
    const print = fingerprint(text);
    const story = known ?? this.#find(print, atMs) ?? id;
    for (const band of print.bands) {
      const there = this.#byBand.get(band) ?? [];
      there.push({ story, print, atMs });
      this.#byBand.set(band, there);
    }
    return story;
  }

  #find(print: Fingerprint, atMs: number): string | undefined {
    for (const band of print.bands) {
      for (const { story, print: other, atMs: toldMs } of this.#byBand.get(band) ?? []) {
        if (Math.abs(atMs - toldMs) <= storyDays * dayMs && likeness(print, other) >= sameStory)
          return story;
      }
    }
    return undefined;
  }
}
