import { newYorkDay } from "../../market/new-york.ts";
import type { TickerSpan } from "../../market/security.ts";
import { comparable } from "../../market/universe.ts";
import { contentHash } from "../../objects/file-store.ts";
import { dayMs } from "../../units.ts";
import { insertColumns } from "../../warehouse/insert-columns.ts";
import { tickerSpans } from "../../warehouse/tables/securities.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import { tickersNamed, type LinkReason } from "./mentions.ts";
import { Stories, storyDays } from "./near-duplicates.ts";

/** An article on its way into the warehouse. */
export interface IncomingArticle {
  readonly url: string;
  readonly title: string;
  readonly text: string;
  readonly publisher: string;
  readonly topic: string;
  /** Ms since 1970 UTC; undefined where nobody says. */
  readonly publishedMs: number | undefined;
  readonly firstSeenMs: number;
  readonly capture: string;
  /** Tickers that it is about, and why. */
  readonly tickers: readonly { readonly ticker: string; readonly reason: LinkReason }[];
}

/** What came in. */
export interface AdmittedArticles {
  /** Articles that were not there. */
  readonly articles: number;
  /** Of those, the ones that say nearly what another one says. */
  readonly repeats: number;
  readonly undated: number;
  /** Articles and securities that were not linked before. */
  readonly links: number;
  /** Articles of which no security is known. */
  readonly unlinked: number;
}

/** An article's id: its address without what tells who followed it. */
export function articleId(url: string): string {
  const address = new URL(url);
  address.hash = "";
  for (const name of [...address.searchParams.keys()]) {
    if (/^(utm_|fbclid|gclid|cmpid|mod$|ref$|src$)/i.test(name)) address.searchParams.delete(name);
  }
  return contentHash(address.href).slice(0, 32);
}

export const hostOf = (url: string): string => new URL(url).hostname.replace(/^www\./, "");

/** When an article could be read: when it was published, or, where nobody says, when it was seen. */
export function articleKnownMs({
  publishedMs,
  firstSeenMs,
}: Pick<IncomingArticle, "publishedMs" | "firstSeenMs">): number {
  return publishedMs ?? firstSeenMs;
}

/**
 * Brings articles into the warehouse: each once, with the story that it tells and the securities that it is about. An article that
 * is there stays as it was seen first.
 */
export async function admitArticles(
  warehouse: Warehouse,
  incoming: readonly IncomingArticle[],
  { source, runId, nowMs }: { source: string; runId: string; nowMs: number },
): Promise<AdmittedArticles> {
  const byId = new Map<string, IncomingArticle & { id: string; knownMs: number }>();
  const tickersOf = new Map<string, Map<string, LinkReason>>();
  for (const article of incoming) {
    const id = articleId(article.url);
    const knownMs = articleKnownMs(article);
    const before = byId.get(id);
    // The same article for several tickers, or at several times: the earliest sight counts.
    if (!before || knownMs < before.knownMs) byId.set(id, { ...article, id, knownMs });
    const tickers = tickersOf.get(id) ?? new Map<string, LinkReason>();
    for (const { ticker, reason } of article.tickers) tickers.set(comparable(ticker), reason);
    for (const [where, reason] of [
      [article.text, "ticker in text"],
      [article.title, "ticker in title"],
    ] as const) {
      for (const ticker of tickersNamed(where)) tickers.set(comparable(ticker), reason);
    }
    tickersOf.set(id, tickers);
  }
  const all = [...byId.values()].sort((a, b) => a.knownMs - b.knownMs || (a.id < b.id ? -1 : 1));
  if (all.length === 0) return { articles: 0, repeats: 0, undated: 0, links: 0, unlinked: 0 };
  const held = await heldArticles(warehouse, all);
  const fresh = all.filter(({ id }) => !held.has(id));
  const stories = await storiesAround(warehouse, fresh);
  const told = fresh.map((article) => ({
    ...article,
    story: stories.add(article.id, `${article.title} ${article.text}`, article.knownMs),
  }));
  await insertArticles(warehouse, told, { source, runId, nowMs });

  const spans = Map.groupBy(await tickerSpans(warehouse), ({ ticker }) => comparable(ticker));
  const links = all.flatMap(({ id, knownMs }) => {
    const at = held.get(id) ?? knownMs;
    return [...tickersOf.get(id)!].flatMap(([ticker, reason]) => {
      const securityId = securityOn(spans.get(ticker), at);
      return securityId === undefined ? [] : [{ id, securityId, reason, knownMs: at }];
    });
  });
  const linked = new Set(links.map(({ id }) => id));
  return {
    articles: fresh.length,
    repeats: told.filter(({ id, story }) => story !== id).length,
    undated: fresh.filter(({ publishedMs }) => publishedMs === undefined).length,
    links: await insertLinks(warehouse, links, { runId, nowMs }),
    unlinked: fresh.filter(({ id }) => !linked.has(id)).length,
  };
}

/** The security that a ticker stood for at a moment. */
function securityOn(spans: readonly TickerSpan[] | undefined, atMs: number): string | undefined {
  const day = newYorkDay(atMs);
  return spans?.find(({ from, to }) => from <= day && (to === undefined || day <= to))?.securityId;
}

/** Since when articles that are there were known, ms. */
async function heldArticles(
  warehouse: Warehouse,
  articles: readonly { readonly id: string }[],
): Promise<Map<string, number>> {
  const rows = await warehouse.rows<{ id: string; at: number }>(
    `SELECT article_id AS id, toUnixTimestamp(min(known_at)) AS at FROM articles
     WHERE article_id IN {ids:Array(String)} GROUP BY article_id`,
    { ids: articles.map(({ id }) => id) },
  );
  return new Map(rows.map(({ id, at }) => [id, at * 1000]));
}

async function storiesAround(
  warehouse: Warehouse,
  fresh: readonly { readonly knownMs: number }[],
): Promise<Stories> {
  const stories = new Stories();
  if (fresh.length === 0) return stories;
  const rows = await warehouse.rows<{ id: string; story: string; text: string; at: number }>(
    `SELECT article_id AS id, story, concat(title, ' ', text) AS text, toUnixTimestamp(known_at) AS at FROM articles FINAL
     WHERE known_at BETWEEN toDateTime({from:UInt32}, 'UTC') AND toDateTime({to:UInt32}, 'UTC') ORDER BY known_at, article_id`,
    {
      from: Math.max(0, Math.floor((fresh[0]!.knownMs - storyDays * dayMs) / 1000)),
      to: Math.ceil((fresh.at(-1)!.knownMs + storyDays * dayMs) / 1000),
    },
  );
  for (const { id, story, text, at } of rows) stories.add(id, text, at * 1000, story);
  return stories;
}

const second = (ms: number): number => Math.ceil(ms / 1000);

async function insertArticles(
  warehouse: Warehouse,
  articles: readonly (IncomingArticle & { id: string; knownMs: number; story: string })[],
  { source, runId, nowMs }: { source: string; runId: string; nowMs: number },
): Promise<void> {
  type Row = (typeof articles)[number];
  const text = (name: string, pick: (article: Row) => string) =>
    ({ name, type: "String", text: articles.map(pick) }) as const;
  const time = (name: string, pick: (article: Row) => number) =>
    ({ name, type: "DateTime('UTC')", values: Uint32Array.from(articles, pick) }) as const;
  await insertColumns(warehouse, "articles", [
    text("source", () => source),
    text("article_id", ({ id }) => id),
    text("story", ({ story }) => story),
    text("url", ({ url }) => url),
    text("title", ({ title }) => title),
    text("text", (article) => article.text),
    text("publisher", ({ publisher }) => publisher),
    text("topic", ({ topic }) => topic),
    // A moment without a date is written as a float, of which NaN becomes null.
    {
      name: "published_at",
      type: "Nullable(Float64)",
      values: Float64Array.from(articles, ({ publishedMs }) =>
        publishedMs === undefined ? NaN : second(publishedMs),
      ),
    },
    time("first_seen", ({ firstSeenMs }) => second(firstSeenMs)),
    time("known_at", ({ knownMs }) => second(knownMs)),
    text("capture", ({ capture }) => capture),
    text("run_id", () => runId),
    time("ingested_at", () => second(nowMs)),
  ]);
}

async function insertLinks(
  warehouse: Warehouse,
  links: readonly { id: string; securityId: string; reason: string; knownMs: number }[],
  { runId, nowMs }: { runId: string; nowMs: number },
): Promise<number> {
  if (links.length === 0) return 0;
  const rows = await warehouse.rows<{ pair: string }>(
    "SELECT DISTINCT concat(article_id, ' ', security_id) AS pair FROM article_links WHERE article_id IN {ids:Array(String)}",
    { ids: links.map(({ id }) => id) },
  );
  const held = new Set(rows.map(({ pair }) => pair));
  const fresh = links.filter(({ id, securityId }) => !held.has(`${id} ${securityId}`));
  const text = (name: string, pick: (link: (typeof links)[number]) => string) =>
    ({ name, type: "String", text: fresh.map(pick) }) as const;
  const time = (name: string, pick: (link: (typeof links)[number]) => number) =>
    ({ name, type: "DateTime('UTC')", values: Uint32Array.from(fresh, pick) }) as const;
  await insertColumns(warehouse, "article_links", [
    text("article_id", ({ id }) => id),
    text("security_id", ({ securityId }) => securityId),
    text("reason", ({ reason }) => reason),
    time("known_at", ({ knownMs }) => second(knownMs)),
    text("run_id", () => runId),
    time("ingested_at", () => second(nowMs)),
  ]);
  return fresh.length;
}
