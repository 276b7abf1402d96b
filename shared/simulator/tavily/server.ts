import { sessionCloseMs } from "../../market/calendar.ts";
import { comparable } from "../../market/universe.ts";
import { dayMs, hourMs } from "../../units.ts";
import type { Listing } from "../listing.ts";
import { Loopback, type LoopbackOptions, type Vendor } from "../loopback.ts";
import type { Market } from "../market.ts";
import type { Reply } from "../reply.ts";
import { storiesOf, type SimulatedArticle } from "./stories.ts";

/** Failures in the data, on request. */
export type TavilyFault =
  /** The body ends in its middle, and the reply is whole. */
  { readonly kind: "half-body" };

export interface TavilyOptions extends LoopbackOptions<TavilyFault> {
  /** The server's present, ms since 1970; nothing later is found. Default an hour after the market's last close. */
  readonly now?: number;
  /** The only key that it takes. */
  readonly key?: string;
}

const json = "application/json";
const error = (status: number, text: string): Reply => ({
  status,
  contentType: json,
  body: JSON.stringify({ detail: { error: text } }),
});

/** A key that the simulated Tavily takes. */
export const simulatedKey = "tvly-simulated";

interface Search {
  readonly query?: string;
  readonly topic?: string;
  readonly days?: number;
  readonly max_results?: number;
}

/**
 * Starts a simulated Tavily on 127.0.0.1 with the simulated press of a market: `news` is dated (RFC 1123), `general` and `finance`
 * are not, and what was published after the server's present is not there.
 */
export async function startTavily(
  market: Market,
  options: TavilyOptions = {},
): Promise<Loopback<TavilyFault>> {
  const {
    now = sessionCloseMs(market.sessions.at(-1)!) + hourMs,
    key = simulatedKey,
    ...line
  } = options;
  const press = new Map<Listing, SimulatedArticle[]>();
  const newsOf = (listing: Listing): SimulatedArticle[] => {
    const known = press.get(listing) ?? storiesOf(market, listing);
    press.set(listing, known);
    return known;
  };
  const vendor: Vendor<TavilyFault> = {
    subjectOf: ({ body }) => (body === "" ? "" : ((JSON.parse(body) as Search).query ?? "")),
    answer({ url, headers, body }, fault) {
      if (url.pathname !== "/search") return error(404, "Not found.");
      if (headers.authorization !== `Bearer ${key}`) {
        return error(401, "Unauthorized: missing or invalid API key.");
      }
      const {
        query = "",
        topic = "general",
        days = 7,
        max_results: most = 5,
      } = JSON.parse(body) as Search;
      if (query.trim() === "") return error(400, "Query is missing.");
      const words = new Set(query.split(/[\s"]+/).map(comparable));
      const dated = topic === "news";
      const found = market.listings
        .filter(({ ticker }) => words.has(comparable(ticker)))
        .flatMap(newsOf)
        .filter(({ publishedMs }) => publishedMs <= now && publishedMs >= now - days * dayMs)
        .sort((a, b) => b.publishedMs - a.publishedMs)
        .slice(0, most);
      const reply = JSON.stringify({
        query,
        follow_up_questions: null,
        answer: null,
        images: [],
        results: found.map(({ url: address, title, text, publishedMs }, at) => ({
          url: address,
          title,
          content: text.slice(0, 200),
          score: 1 - at / 100,
          raw_content: text,
          ...(dated && { published_date: new Date(publishedMs).toUTCString() }),
        })),
        response_time: 0.1,
        request_id: "simulated",
      });
      const half = fault?.kind === "half-body";
      return {
        status: 200,
        contentType: json,
        body: half ? reply.slice(0, reply.length / 2) : reply,
      };
    },
    refusal: {
      ...error(429, "Your request has been blocked due to excessive requests."),
      headers: { "retry-after": "1" },
    },
  };
  return Loopback.start(vendor, line);
}
