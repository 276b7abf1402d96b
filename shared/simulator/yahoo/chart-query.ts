import { badRequest, notFound } from "./replies.ts";
import type { Reply } from "../reply.ts";

/** What a chart request asks for. */
export interface ChartQuery {
  /** As in the path, upper case. */
  readonly symbol: string;
  /** First second, included. */
  readonly period1: number;
  /** Last second, excluded. */
  readonly period2: number;
  readonly splits: boolean;
  readonly dividends: boolean;
}

const path = /^\/v8\/finance\/chart\/([^/]+)$/;
const intervals = "1m, 2m, 5m, 15m, 30m, 60m, 90m, 1h, 4h, 1d, 5d, 1wk, 1mo, 3mo";

/** The symbol of a request's path, upper case; empty when it asks for no chart. */
export function symbolOfPath(url: URL): string {
  const symbol = path.exec(url.pathname)?.[1];
  return symbol === undefined ? "" : decodeURIComponent(symbol).toUpperCase();
}

/** Reads a request for daily bars by period; Yahoo's refusal when it is none. */
export function parseChartQuery(url: URL): ChartQuery | Reply {
  const { searchParams: query } = url;
  const symbol = symbolOfPath(url);
  if (symbol === "") return notFound;
  const interval = query.get("interval") ?? "1d";
  if (interval !== "1d") {
    return badRequest(
      `Invalid input - interval=${interval} is not supported. Valid intervals: [${intervals}]`,
    );
  }
  const period1 = Number(query.get("period1") ?? NaN);
  const period2 = Number(query.get("period2") ?? NaN);
  if (!Number.isFinite(period1) || !Number.isFinite(period2)) {
    return badRequest("Invalid input - the simulator serves period1 and period2 in seconds only");
  }
  if (period1 > period2) {
    return badRequest(
      `Invalid input - start date cannot be after end date. startDate = ${period1}, endDate = ${period2}`,
    );
  }
  const events = (query.get("events") ?? "").split(/[|,]/);
  return {
    symbol,
    period1,
    period2,
    splits: events.includes("split"),
    dividends: events.includes("div"),
  };
}
