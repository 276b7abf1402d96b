import type { TradingDay } from "../../market/trading-day.ts";
import type { LineFault, Reply } from "../reply.ts";

/** Yahoo's ways of failing in the data, all with HTTP 200. */
export type YahooFault =
  /** No `timestamp` and `quote: [{}]`, as for a symbol that is idle, delisted or throttled. */
  | { readonly kind: "empty" }
  /** The rows end at a day, while `meta` tells of later trading. */
  | { readonly kind: "truncated"; readonly lastDay: TradingDay }
  /** Every n-th row of the reply is null but for its timestamp. */
  | { readonly kind: "nulls"; readonly every: number }
  /** The latest split is applied a second time to the prices before it (volumes are right). */
  | { readonly kind: "split-twice" };

/** What Yahoo says when it is asked too often: text, no JSON. */
export const tooManyRequests: Reply = {
  status: 429,
  contentType: "text/html;charset=utf-8",
  body: "Too Many Requests",
};

/** Yahoo is down. */
export function serverError(status: 500 | 502 | 503 | 504): LineFault {
  const body = `<html><head><title>${status}</title></head><body>Will be right back...</body></html>`;
  return { kind: "reply", reply: { status, contentType: "text/html", body } };
}

/** A page or a word where JSON should be, with HTTP 200. */
export function textBody(body: string): LineFault {
  return { kind: "reply", reply: { status: 200, contentType: "text/html", body } };
}

/** HTTP 429 whatever the rate. */
export const throttled: LineFault = { kind: "reply", reply: tooManyRequests };
