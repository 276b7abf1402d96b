import { burdens, falling, intensities, negations, quantities, rising, valence } from "./words.ts";

/** Words by their text, and by the beginnings that end in a star. */
class WordSet<Value> {
  readonly #whole = new Map<string, Value>();
  readonly #stems = new Map<string, Value>();
  readonly #shortest: number;

  constructor(words: Iterable<readonly [string, Value]>) {
    for (const [word, value] of words) {
      if (word.endsWith("*")) this.#stems.set(word.slice(0, -1), value);
      else this.#whole.set(word, value);
    }
    this.#shortest = Math.min(...[...this.#stems.keys()].map(({ length }) => length), 99);
  }

  get(word: string): Value | undefined {
    const whole = this.#whole.get(word);
    if (whole !== undefined) return whole;
    for (let length = word.length; length >= this.#shortest; length--) {
      const stem = this.#stems.get(word.slice(0, length));
      if (stem !== undefined) return stem;
    }
    return undefined;
  }
}

const set = (words: readonly string[]): WordSet<true> =>
  new WordSet(words.map((word) => [word, true as const]));

const valences = new WordSet(Object.entries(valence));
const moves = new WordSet<1 | -1>([
  ...rising.map((word) => [word, 1] as const),
  ...falling.map((word) => [word, -1] as const),
]);
const isBurden = set(burdens);
const isQuantity = set(quantities);
const isNegation = set(negations);

/** How far from a word what it is about, what negates it and what weighs it may stand. */
const reach = { quantity: 6, negation: 3, intensity: 2 };
const moveStrength = 0.6;
/** So many points make half of the way to the end of the scale. */
const saturation = 1.2;

/** What the words of a text say. */
export interface Tone {
  /** Sum of the words' strengths above 0, and below. */
  readonly positive: number;
  readonly negative: number;
  readonly words: number;
}

const wordPattern = /[a-z]+(?:['-][a-z]+)*/g;

/** Weighs the words of a text: valence, movement of quantities, negation, intensity. */
export function toneOf(text: string): Tone {
  let positive = 0;
  let negative = 0;
  let count = 0;
  for (const sentence of text.toLowerCase().split(/(?<=[.!?;])\s+|\n{2,}/)) {
    const words = sentence.match(wordPattern) ?? [];
    count += words.length;
    for (let at = 0; at < words.length; at++) {
      const strength = strengthAt(words, at);
      if (strength > 0) positive += strength;
      else negative -= strength;
    }
  }
  return { positive, negative, words: count };
}

function strengthAt(words: readonly string[], at: number): number {
  const word = words[at]!;
  const move = moves.get(word);
  const strength =
    move === undefined ? (valences.get(word) ?? 0) : move * moveStrength * directionOf(words, at);
  if (strength === 0) return 0;
  // A shrinking loss is told by the movement, not by the loss.
  if (move === undefined && isBurden.get(word) && hasMove(words, at)) return 0;
  let weighed = strength;
  for (let back = 1; back <= reach.negation && back <= at; back++) {
    const before = words[at - back]!;
    if (back <= reach.intensity) weighed *= intensities[before] ?? 1;
    if (isNegation.get(before)) weighed *= -0.7;
  }
  return weighed * (intensities[words[at + 1] ?? ""] ?? 1);
}

/** 1 where more is better, -1 where less is, 0 where nothing that moves stands beside. */
function directionOf(words: readonly string[], at: number): number {
  let found = 0;
  for (let off = 1; off <= reach.quantity; off++) {
    for (const near of [words[at - off], words[at + off]]) {
      if (near === undefined) continue;
      if (isBurden.get(near)) return -1;
      if (isQuantity.get(near)) found = 1;
    }
  }
  return found;
}

function hasMove(words: readonly string[], at: number): boolean {
  for (let off = 1; off <= reach.quantity; off++) {
    for (const near of [words[at - off], words[at + off]]) {
      if (near !== undefined && moves.get(near) !== undefined) return true;
    }
  }
  return false;
}

/** The sentiment of a text on [-1, 1], two decimals: the balance of its words, which many words bring nearer to the ends. */
export function sentimentOf(text: string): number {
  const { positive, negative } = toneOf(text);
  const balance = positive - negative;
  const weight = positive + negative;
  if (weight === 0) return 0;
  const score = balance / (Math.sqrt(weight) * saturation + Math.abs(balance) * 0.4);
  return Math.max(-1, Math.min(1, Math.round(score * 100) / 100)) + 0;
}
