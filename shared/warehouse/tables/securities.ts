import type { SecurityId, TickerSpan } from "../../market/security.ts";
import { sessionCloseMs, sessionOpenMs } from "../../market/calendar.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** A security when it is first named. */
export interface NewSecurity {
  readonly securityId: SecurityId;
  /** Empty while no source says whose it is. */
  readonly issuerId: string;
  readonly source: string;
  readonly symbol: string;
  readonly firstDay: TradingDay;
}

/** All spans of tickers as they are known now, with the last bar of each security from any source. */
export async function tickerSpans(warehouse: Warehouse): Promise<TickerSpan[]> {
  const rows = await warehouse.rows<{
    securityId: SecurityId;
    ticker: string;
    from: TradingDay;
    to: TradingDay | null;
    lastBar: TradingDay | null;
  }>(`
    SELECT security_id AS securityId, ticker, from_day AS from, to_day AS to, last_bar AS lastBar
    FROM (
      SELECT security_id, ticker, from_day, argMax(tuple(to_day), known_at).1 AS to_day
      FROM tickers GROUP BY security_id, ticker, from_day
    ) AS spans
    LEFT JOIN (SELECT security_id, toNullable(max(day)) AS last_bar FROM bars GROUP BY security_id) AS last
    ON spans.security_id = last.security_id
    ORDER BY ticker, from_day`);
  return rows.map(({ to, lastBar, ...span }) => ({
    ...span,
    to: to ?? undefined,
    lastBar: lastBar ?? undefined,
  }));
}

/** The highest number given to a security, 0 when there is none. */
export async function lastSecurityNumber(warehouse: Warehouse): Promise<number> {
  const rows = await warehouse.rows<{ last: number }>(
    "SELECT max(toUInt32OrZero(substring(security_id, 2))) AS last FROM securities",
  );
  return rows[0]?.last ?? 0;
}

/** Securities of a source that no ticker stands for, by symbol: a process died before it wrote that down. */
export async function securitiesWithoutTicker(
  warehouse: Warehouse,
  source: string,
): Promise<Map<string, SecurityId>> {
  const rows = await warehouse.rows<{ securityId: SecurityId; symbol: string }>(
    `SELECT security_id AS securityId, symbol FROM securities
     WHERE source = {source:String} AND security_id NOT IN (SELECT security_id FROM tickers) ORDER BY security_id`,
    { source },
  );
  return new Map(rows.map(({ symbol, securityId }) => [symbol, securityId]));
}

/** Adds securities. */
export async function addSecurities(
  warehouse: Warehouse,
  securities: readonly NewSecurity[],
  nowMs: number,
): Promise<void> {
  await insertColumns(warehouse, "securities", [
    { name: "security_id", type: "String", text: securities.map((s) => s.securityId) },
    { name: "issuer_id", type: "String", text: securities.map((s) => s.issuerId) },
    { name: "source", type: "String", text: securities.map((s) => s.source) },
    { name: "symbol", type: "String", text: securities.map((s) => s.symbol) },
    { name: "first_day", type: "Date", values: days(securities.map((s) => s.firstDay)) },
    { name: "ingested_at", type: "DateTime('UTC')", values: instants(securities.length, nowMs) },
  ]);
}

/**
 * Adds spans of tickers, or closes some that were open. That a span began is known from the open of its first session,
 * that it ended from the close of its last.
 */
export async function addTickerSpans(
  warehouse: Warehouse,
  spans: readonly TickerSpan[],
  nowMs: number,
): Promise<void> {
  const rows = spans.flatMap((span) => [
    { ...span, to: undefined, knownMs: sessionOpenMs(span.from) },
    ...(span.to === undefined ? [] : [{ ...span, knownMs: sessionCloseMs(span.to) }]),
  ]);
  await insertColumns(warehouse, "tickers", [
    { name: "security_id", type: "String", text: rows.map((row) => row.securityId) },
    { name: "ticker", type: "String", text: rows.map((row) => row.ticker) },
    { name: "from_day", type: "Date", values: days(rows.map((row) => row.from)) },
    {
      name: "to_day",
      type: "Nullable(Date)",
      values: Float64Array.from(rows, ({ to }) => (to === undefined ? NaN : dayNumber(to))),
    },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(rows, ({ knownMs }) => knownMs / 1000),
    },
    { name: "ingested_at", type: "DateTime('UTC')", values: instants(rows.length, nowMs) },
  ]);
}

function days(list: readonly TradingDay[]): Uint16Array {
  return Uint16Array.from(list, dayNumber);
}

function instants(count: number, ms: number): Uint32Array {
  return new Uint32Array(count).fill(Math.floor(ms / 1000));
}

/** First and last day of each security's prices, from any source; days since 1970. */
export async function securitySpans(
  warehouse: Warehouse,
): Promise<Map<SecurityId, { readonly from: number; readonly to: number }>> {
  const rows = await warehouse.rows<{ securityId: SecurityId; from: number; to: number }>(
    "SELECT security_id AS securityId, toInt32(min(day)) AS from, toInt32(max(day)) AS to FROM bars GROUP BY security_id",
  );
  return new Map(rows.map(({ securityId, from, to }) => [securityId, { from, to }]));
}
