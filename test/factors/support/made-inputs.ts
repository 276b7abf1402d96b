import { companyInputsOf } from "../../../shared/factors/company.ts";
import type { FactorInputs } from "../../../shared/factors/define.ts";
import { textInputsOf } from "../../../shared/factors/text-at-sessions.ts";
import { loadLibrary } from "../../../shared/factors/load-library.ts";

/** What the library reads of companies. */
const companyInputs = companyInputsOf(await loadLibrary());

/** And of documents; news come by the session. */
const documentInputs = textInputsOf(await loadLibrary()).filter((name) => name.startsWith("text_"));

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A made security: returns around a market's, volumes of any size, and what real data do to factors: sessions
 * without a bar, a week's halt, days without trading, stale prices, a bar whose volume is missing, now and
 * then a late first bar.
 */
export function madeInputs(seed: number, length: number): FactorInputs {
  const next = uniform(seed);
  const firstBar = next() < 0.3 ? Math.floor(next() * length * 0.3) : 0;
  const halt = Math.floor(next() * length);
  let level = 20 + 100 * next();
  const market = new Float64Array(length);
  const price = new Float64Array(length).fill(NaN);
  const volume = new Float64Array(length).fill(NaN);
  for (let at = 0; at < length; at++) {
    market[at] = 0.03 * (next() - 0.5);
    if (next() > 0.05) level *= 1 + market[at]! + 0.06 * (next() - 0.5);
    const halted = at >= halt && at < halt + 5;
    if (at < firstBar || halted || next() < 0.02) continue;
    price[at] = level;
    if (next() > 0.01) volume[at] = next() < 0.02 ? 0 : Math.round(1e6 * next() ** 3);
  }
  market[0] = NaN;
  return {
    ...Object.fromEntries(
      [...companyInputs, ...documentInputs].map((name) => [name, madeReports(next, length)]),
    ),
    ...madeNews(next, length),
    open: price.slice(),
    high: price.map((close) => close * 1.01),
    low: price.map((close) => close * 0.99),
    price,
    total_return: price.map((close, at) => close * 1.0001 ** at),
    daily_return: price.map((close, at) => (close * 1.0001) / (price[at - 1] ?? NaN) - 1),
    volume,
    dollar_volume: volume.map((shares, at) => shares * price[at]!),
    market_return: market,
  };
}

/** Stories on one session of three, up to three of them, once they have begun. */
function madeNews(
  next: () => number,
  length: number,
): Record<"news_sentiment" | "news_stories", Float64Array> {
  const news_stories = new Float64Array(length).fill(NaN);
  const news_sentiment = new Float64Array(length).fill(NaN);
  const begin = Math.floor(next() * 20);
  for (let at = begin; at < length; at++) {
    news_stories[at] = next() < 0.33 ? Math.ceil(3 * next()) : 0;
    news_sentiment[at] = news_stories[at]! * (2 * next() - 1);
  }
  return { news_sentiment, news_stories };
}

/** What reports tell: a number that stands until the next one, below 0 now and then, sometimes none. */
function madeReports(next: () => number, length: number): Float64Array {
  const values = new Float64Array(length);
  let told = 0;
  for (let at = 0; at < length; at++) {
    if (at === 0 || next() < 0.03) told = next() < 0.1 ? NaN : 100 * next() - 5;
    values[at] = told;
  }
  return values;
}

/** Each of the series through `change`. */
export function mapInputs(
  inputs: FactorInputs,
  change: (values: Float64Array, name: keyof FactorInputs) => Float64Array,
): FactorInputs {
  const all = Object.entries(inputs) as [keyof FactorInputs, Float64Array][];
  const changed = all.map(([name, values]) => [name, change(values, name)] as const);
  return Object.fromEntries(changed) as unknown as FactorInputs;
}
