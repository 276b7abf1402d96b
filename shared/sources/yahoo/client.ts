import type YahooFinance from "yahoo-finance2";
import { SourceRejected, SourceUnavailable, causeOf } from "../../errors.ts";

/** A reply as it came over the wire. */
export interface Reply {
  readonly url: string;
  readonly status: number;
  readonly fetchedMs: number;
  readonly bytes: Buffer;
}

export interface YahooClientOptions {
  /** Where the chart endpoint is served; the path of each request is the library's. */
  readonly baseUrl: URL;
  /** Longest wait for a whole reply. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Yahoo's chart endpoint, by the yahoo-finance2 library. */
export interface YahooClient {
  /**
   * All daily bars, splits and distributions of a symbol from an instant to now: only a window that runs to now lists all
   * splits its prices are adjusted for.
   *
   * @param fromMs ms since 1970 UTC
   * @returns the reply's bytes, for a known symbol, an unknown one (404), or one without data since then (400)
   * @throws SourceUnavailable when Yahoo is down, stalls, breaks off, or throttles
   * @throws SourceRejected when it refuses us
   */
  chart(symbol: string, fromMs: number, signal: AbortSignal): Promise<Reply>;
}

const events = "div|split|capitalGain";

/** Opens the client; the library is loaded here, and not before. */
export async function openYahoo(options: YahooClientOptions): Promise<YahooClient> {
  const { default: YahooFinanceClass } = await import("yahoo-finance2");
  const silent = (): void => undefined;
  return {
    async chart(symbol, fromMs, signal) {
      let reply: Reply | undefined;
      const client: InstanceType<typeof YahooFinance> = new YahooFinanceClass({
        // The library's host option stays https; its fetch is where another host, and the bytes, are had.
        fetch: async (input, init) => {
          reply = await fetchReply(input, init, options, signal);
          return new Response(reply.bytes, { status: reply.status });
        },
        // Its own queue lets four requests through at once: those that wait there would leave in bursts, past the lane's rate.
        queue: { concurrency: Infinity },
        logger: { info: silent, warn: silent, error: silent, debug: silent, dir: silent },
        versionCheck: false,
      });
      try {
        await client.chart(
          // It becomes a part of the path as it is: of "A#B" Yahoo would be asked for A.
          encodeURIComponent(symbol),
          { period1: Math.floor(fromMs / 1000), interval: "1d", events, return: "object" },
          { validateResult: false },
        );
      } catch (thrown) {
        // What the library makes of a reply without a history (a TypeError, a plain Error) says less than the bytes do.
        if (reply === undefined) throw thrown;
      }
      if (reply === undefined) {
        throw new SourceUnavailable(`Yahoo sent nothing for ${symbol}; try again later.`);
      }
      return reply;
    },
  };
}

async function fetchReply(
  library: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  { baseUrl, timeoutMs, now }: YahooClientOptions,
  signal: AbortSignal,
): Promise<Reply> {
  const from = new URL(library instanceof Request ? library.url : library);
  const url = new URL(
    `${baseUrl.pathname.replace(/\/$/, "")}${from.pathname}${from.search}`,
    baseUrl,
  );
  const headers = new Headers(init?.headers);
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(url, {
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (thrown) {
    signal.throwIfAborted();
    throw new SourceUnavailable(
      `Yahoo at ${baseUrl.origin} does not answer (${causeOf(thrown)}); try again later, or check YAHOO_BASE_URL.`,
      { cause: thrown },
    );
  }
  refuse(response, bytes, baseUrl);
  return { url: url.href, status: response.status, fetchedMs: now(), bytes };
}

/** Throws for a reply that is no answer to the question. */
function refuse({ status, headers }: Response, bytes: Buffer, baseUrl: URL): void {
  const start = bytes.subarray(0, 200).toString("utf8").trim();
  const at = `Yahoo at ${baseUrl.origin}`;
  if (status === 429 || start.startsWith("Too Many Requests")) {
    const seconds = Number(headers.get("retry-after"));
    throw new SourceUnavailable(`${at} throttles us (HTTP ${status}); try again later.`, {
      retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
      throttled: true,
    });
  }
  const refusal = `${at} refuses us (HTTP ${status}): ${start.slice(0, 120)}`;
  // What bans an address for its rate, and what refuses it for good, are told apart by asking again, more slowly.
  if (status === 403) throw new SourceUnavailable(refusal, { forbidden: true });
  if (status === 401) throw new SourceRejected(refusal);
  if (status >= 500) throw new SourceUnavailable(`${at} fails (HTTP ${status}); try again later.`);
  if (!start.startsWith("{")) {
    throw new SourceUnavailable(
      `${at} answers HTTP ${status} with something that is no JSON ("${start.slice(0, 60)}"); try again later.`,
    );
  }
  // In JSON, a 404 is the answer for a symbol that is not there, and this 400 for one that has no data since then; other
  // client errors are ours.
  const answer = status === 404 || (status === 400 && start.includes("Data doesn't exist"));
  if (status >= 400 && !answer) {
    throw new SourceRejected(`${at} rejects the request (HTTP ${status}): ${start.slice(0, 120)}`);
  }
}
