import type { Category } from "./answers.ts";

/** Short names of a report's categories, as signals and factors carry them. */
export const categorySlugs: Readonly<Record<Category, string>> = {
  "CEO statement": "ceo",
  "ESG initiatives": "esg",
  "Market trends and competitive landscape": "market",
  "Risk factors": "risk",
  "Strategic priorities": "strategy",
};

/** The signal of a category's rating. */
export const ratingSignal = (category: Category): string =>
  `report_rating_${categorySlugs[category]}`;

/** Those that a model read in proxy statements. */
export const proxySignals = ["board_age", "executive_pay"] as const;

/** What happens at sessions: scores of news that became known since the close before. */
export const newsSignal = "news_sentiment";

/**
 * What a factor may read of texts about a company:
 *
 *   news_sentiment   sum of the sentiments of stories that became known since the close before; 0 where there was none, NaN before the first
 *   news_stories     how many they were
 *   text_NAME        a signal's value of the document that was known last (report_rating_risk, risk_tone, ...), at most a year and a half old
 *   text_NAME_year_ago   the one of the document whose period ended a year before
 */
export type TextInput =
  "news_sentiment" | "news_stories" | `text_${string}` | `text_${string}_year_ago`;

/** True for an input that is read of texts. */
export function isTextInput(input: string): input is TextInput {
  return input === "news_sentiment" || input === "news_stories" || input.startsWith("text_");
}

/** The signal that an input reads, and whether that of the year before. */
export function signalOf(input: TextInput): { readonly signal: string; readonly yearAgo: boolean } {
  if (!input.startsWith("text_")) return { signal: newsSignal, yearAgo: false };
  const yearAgo = input.endsWith("_year_ago");
  return { signal: input.slice(5, yearAgo ? -"_year_ago".length : undefined), yearAgo };
}

/** Numbers that were made of texts about one security, by columns, in the order in which they became known. */
export interface TextSignals {
  readonly names: readonly string[];
  /** Index into `names`. */
  readonly name: Uint16Array;
  /** End of the period that the document is about, days since 1970. */
  readonly period: Int32Array;
  readonly value: Float64Array;
  /** Seconds since 1970 UTC. */
  readonly known: Float64Array;
}
