import {
  InvalidInput,
  MalformedRecord,
  messageOf,
  SourceRejected,
  SourceUnavailable,
} from "../../errors.ts";
import { secondMs } from "../../units.ts";
import type { TavilyTopic } from "./topics.ts";
import type { Wire } from "./wire.ts";

/** An article as Tavily tells of it. */
export interface TavilyArticle {
  readonly url: string;
  readonly title: string;
  readonly text: string;
  /** Ms since 1970 UTC; undefined where it has none. */
  readonly publishedMs: number | undefined;
}

export interface TavilyReply {
  readonly url: string;
  readonly status: number;
  readonly fetchedMs: number;
  readonly bytes: Buffer;
  readonly articles: readonly TavilyArticle[];
  /** Results that are none: why, and what came. */
  readonly rejects: readonly { readonly reason: string; readonly record: string }[];
}

export interface Tavily {
  readonly origin: string;
  /**
   * Searches.
   *
   * @param days of the past; only the topic news knows them
   * @throws SourceUnavailable when it is down, stalls, or throttles
   * @throws SourceRejected for a key it does not take, a plan that is used up, a question it does not take
   */
  search(
    query: string,
    topic: TavilyTopic,
    days: number,
    signal: AbortSignal,
  ): Promise<TavilyReply>;
}

export interface TavilyOptions {
  readonly baseUrl: URL;
  readonly apiKey: string | undefined;
  readonly now: () => number;
}

/** Articles that one search gives at most. */
const mostResults = 20;

/**
 * Opens Tavily.
 *
 * @throws InvalidInput without a key
 */
export function openTavily({ baseUrl, apiKey, now }: TavilyOptions): Tavily {
  if (apiKey === undefined || apiKey.trim() === "") {
    throw new InvalidInput(
      "TAVILY_API_KEY is not set: Tavily serves nobody without a key (tvly-...).",
    );
  }
  let loaded: ReturnType<typeof load> | undefined;
  const load = async () => {
    const [{ tavily }, { overWire }] = await Promise.all([
      import("@tavily/core"),
      import("./wire.ts"),
    ]);
    return { client: tavily({ apiKey, apiBaseURL: baseUrl.href.replace(/\/$/, "") }), overWire };
  };
  return {
    origin: baseUrl.origin,
    async search(query, topic, days, signal) {
      signal.throwIfAborted();
      // The library and all that it brings, when something is asked.
      const { client, overWire } = await (loaded ??= load());
      const ended = await overWire(() =>
        client.search(query, {
          topic,
          ...(topic === "news" && { days }),
          maxResults: mostResults,
          searchDepth: "basic",
          includeRawContent: "text",
        }),
      );
      signal.throwIfAborted();
      const { wire } = ended;
      if ("thrown" in ended) throw failureOf(wire, ended.thrown, baseUrl.origin);
      const { url, status, text } = wire;
      return { url, status, fetchedMs: now(), bytes: Buffer.from(text), ...articlesOf(text) };
    },
  };
}

/** A failure of Tavily as one of ours. */
function failureOf({ status, text, retryAfter }: Wire, thrown: unknown, origin: string): Error {
  const at = `Tavily at ${origin}`;
  const said = /"error"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 120);
  const options = { cause: thrown };
  if (status === 0) {
    return new SourceUnavailable(
      `${at} does not answer (${messageOf(thrown)}); try again later, or check TAVILY_BASE_URL.`,
      options,
    );
  }
  if (status === 429) {
    const seconds = Number(retryAfter);
    return new SourceUnavailable(`${at} throttles us (HTTP 429: ${said}); try again later.`, {
      ...options,
      throttled: true,
      retryAfterMs: seconds > 0 ? seconds * secondMs : undefined,
    });
  }
  if (status === 401) {
    return new SourceRejected(
      `${at} does not take the key (HTTP 401: ${said}): set TAVILY_API_KEY.`,
      options,
    );
  }
  if (status === 432 || status === 433) {
    return new SourceRejected(
      `${at}: the plan's credit is used up (HTTP ${status}: ${said}): wait for the next period, or raise its limit.`,
      options,
    );
  }
  if (status >= 500) {
    return new SourceUnavailable(`${at} fails (HTTP ${status}); try again later.`, options);
  }
  if (status < 400) {
    return new SourceUnavailable(
      `${at} sent no JSON (HTTP ${status}: ${said}); try again later.`,
      options,
    );
  }
  return new SourceRejected(`${at} rejects the search (HTTP ${status}: ${said}).`, options);
}

/**
 * Reads a reply of Tavily's search.
 *
 * @throws MalformedRecord when it is none
 */
export function articlesOf(text: string): Pick<TavilyReply, "articles" | "rejects"> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new MalformedRecord("Tavily: expected JSON, and it is none.");
  }
  const results = (body as { results?: unknown } | null)?.results;
  if (!Array.isArray(results)) {
    throw new MalformedRecord("Tavily: expected a list of results, and there is none.");
  }
  const articles: TavilyArticle[] = [];
  const rejects: { reason: string; record: string }[] = [];
  for (const result of results as Record<string, unknown>[]) {
    const word = (name: string): string => {
      const value = result[name];
      return typeof value === "string" ? value.trim() : "";
    };
    const reject = (reason: string): void => {
      rejects.push({ reason, record: JSON.stringify(result).slice(0, 2000) });
    };
    const raw = word("raw_content");
    const body = raw === "" ? word("content") : raw;
    const date = word("published_date");
    const publishedMs = date === "" ? undefined : Date.parse(date);
    if (!/^https?:\/\/./.test(word("url"))) reject("no address");
    else if (body === "" && word("title") === "") reject("no text");
    else if (publishedMs !== undefined && Number.isNaN(publishedMs)) {
      reject("a publication time that is none");
    } else articles.push({ url: word("url"), title: word("title"), text: body, publishedMs });
  }
  return { articles, rejects };
}
