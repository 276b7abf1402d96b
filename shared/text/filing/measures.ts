import { toneOf } from "../local/sentiment.ts";

/** Balance of the words that are good or bad news, on [-1, 1]; NaN where there is none. */
export function toneBalance(text: string): number {
  const { positive, negative } = toneOf(text);
  return positive + negative === 0 ? NaN : (positive - negative) / (positive + negative);
}

/** How often each word stands in a text; numbers and words of a letter are left out. */
export function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}{2,}/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Cosine of the angle between two texts' word counts: 1 for the same words as often, 0 for none in common. NaN for an empty one. */
export function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let product = 0;
  for (const [word, count] of a) product += count * (b.get(word) ?? 0);
  const square = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  return product / Math.sqrt(square(a) * square(b));
}

/** Fewer words are no prose. */
const fewestWords = 100;

/**
 * Gunning's fog index: 0.4 x (words a sentence + 100 x share of words of three syllables and more), the years of school that a text
 * takes. NaN for a text of fewer than a hundred words.
 */
export function fogIndex(text: string): number {
  const words = text.match(/\p{L}+(?:['’-]\p{L}+)*/gu) ?? [];
  if (words.length < fewestWords) return NaN;
  const sentences = text.split(/[.!?]+(?=\s|$)/).filter((part) => /\p{L}{2}/u.test(part)).length;
  const long = words.filter((word) => syllables(word) >= 3).length;
  return 0.4 * (words.length / Math.max(1, sentences) + (100 * long) / words.length);
}

/** Groups of vowels of an English word, a silent e at its end left out. */
export function syllables(word: string): number {
  const bare = word.toLowerCase().replace(/(?:[^laeiouy]es|[^laeiouy]ed|[^laeiouy]e)$/, "");
  return Math.max(1, (bare.match(/[aeiouy]+/g) ?? []).length);
}
