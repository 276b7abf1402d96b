import { putColumnFile, type ColumnFile } from "../../shared/backfill/column-files.ts";
import { LaneClosed } from "../../shared/backfill/lane.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { MalformedRecord, messageOf, SourceUnavailable } from "../../shared/errors.ts";
import { dayNumber } from "../../shared/market/trading-day.ts";
import { captureReply } from "../../shared/objects/capture.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import type { TavilyArticle } from "../../shared/sources/tavily/client.ts";
import { hostOf } from "../../shared/text/news/admit-articles.ts";
import { mentionOf, pressName } from "../../shared/text/news/mentions.ts";
import type { TavilyLane } from "../../shared/text/news/tavily-lane.ts";
import { hourMs } from "../../shared/units.ts";
import type { NewsUnit } from "./units.ts";

export interface NewsDeps {
  readonly tavily: Pick<TavilyLane, "search">;
  readonly objects: ObjectStore;
  readonly source: string;
}

/**
 * Asks for the news of a company.
 *
 * @returns what its receipt tells; of a failure too
 * @throws LaneClosed when Tavily is not asked any more: the unit stays missing
 * @throws SourceRejected when it refuses us: the key, the plan
 */
export async function fetchNews(
  unit: NewsUnit,
  { tavily, objects, source }: NewsDeps,
  signal: AbortSignal,
): Promise<Brought> {
  const { ticker, name, topic, from, to } = unit;
  const receipt = { from, to, basis: "", capture: null, files: [], about: {} };
  const query = [name === undefined ? "" : `"${pressName(name)}"`, ticker, "stock"]
    .join(" ")
    .trim();
  try {
    const days = dayNumber(to) - dayNumber(from);
    const reply = await tavily.search(query, topic, days, signal);
    const capture = await captureReply(objects, source, reply);
    const late = ({ publishedMs }: TavilyArticle): boolean =>
      publishedMs !== undefined && publishedMs > reply.fetchedMs + hourMs;
    const articles = reply.articles.filter((article) => !late(article));
    const rejected = reply.rejects.length + reply.articles.length - articles.length;
    const files = await leave(objects, unit, articles, reply.fetchedMs, capture.hash);
    return {
      ...receipt,
      state: "done",
      reason: "",
      message: "",
      capture,
      files,
      about: { articles: articles.length, rejected },
    };
  } catch (thrown) {
    const isOurs = thrown instanceof SourceUnavailable || thrown instanceof MalformedRecord;
    if (thrown instanceof LaneClosed || !isOurs) throw thrown;
    const reason = thrown instanceof MalformedRecord ? "malformed" : "unavailable";
    return { ...receipt, state: "failed", reason, message: messageOf(thrown) };
  }
}

async function leave(
  objects: ObjectStore,
  { ticker, name, topic }: NewsUnit,
  articles: readonly TavilyArticle[],
  seenMs: number,
  capture: string,
): Promise<ColumnFile[]> {
  if (articles.length === 0) return [];
  const text = (column: string, pick: (article: TavilyArticle) => string) =>
    ({ name: column, type: "String", text: articles.map(pick) }) as const;
  const seconds = (column: string, pick: (article: TavilyArticle) => number) =>
    ({
      name: column,
      type: "UInt32",
      values: Uint32Array.from(articles, (article) => Math.ceil(pick(article) / 1000)),
    }) as const;
  return [
    await putColumnFile(objects, "news", "articles", [
      text("url", ({ url }) => url),
      text("title", ({ title }) => title),
      text("text", (article) => article.text),
      text("publisher", ({ url }) => hostOf(url)),
      text("topic", () => topic),
      seconds("published", ({ publishedMs }) => publishedMs ?? 0),
      seconds("first_seen", () => seenMs),
      text("capture", () => capture),
      text("ticker", () => ticker),
      text("reason", (article) => mentionOf(article, { ticker, name }) ?? ""),
    ]),
  ];
}
