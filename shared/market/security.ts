import type { TradingDay } from "./trading-day.ts";

declare const brand: unique symbol;

/** Ours, permanent: `S000123`. */
export type SecurityId = string & { readonly [brand]: "SecurityId" };

/** The id of a number, `S000123` for 123. */
export function securityId(number: number): SecurityId {
  return `S${String(number).padStart(6, "0")}` as SecurityId;
}

/** The number of an id. */
export function securityNumber(id: SecurityId): number {
  return Number(id.slice(1));
}

/** A stretch of days in which a ticker stood for a security. */
export interface TickerSpan {
  readonly securityId: SecurityId;
  readonly ticker: string;
  readonly from: TradingDay;
  /** Undefined while it lasts. */
  readonly to: TradingDay | undefined;
  /** Last day with a bar, from any source; undefined before the first load. */
  readonly lastBar: TradingDay | undefined;
}

/** A ticker that a source shows with prices from one day to another. */
export interface Sighting {
  readonly ticker: string;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** First day this company traded under it, where the source says so. */
  readonly firstTrade?: TradingDay | undefined;
  /** Last day it was listed, where somebody says so. */
  readonly ended?: TradingDay | undefined;
}

/** What a sighting is: a security that is known, or the next new one. */
export type Resolution =
  | { readonly known: TickerSpan }
  | { readonly fresh: TickerSpan; readonly closes: TickerSpan | undefined };

/**
 * Tells which security a sighting is. The same ticker is the same security, unless time says otherwise: a first trade
 * after the known security's last bar, or prices that all lie outside the days it was listed, are another company that
 * took the ticker over.
 *
 * @param spans all spans of this ticker
 * @param next the id a new security would get
 */
export function resolve(
  sighting: Sighting,
  spans: readonly TickerSpan[],
  next: SecurityId,
): Resolution {
  const { ticker, firstTrade } = sighting;
  const from = firstTrade ?? sighting.from;
  const taken: TickerSpan[] = [];
  for (const span of spans) {
    const reused =
      firstTrade !== undefined && span.lastBar !== undefined && firstTrade > span.lastBar;
    const overlaps = span.from <= sighting.to && (span.to === undefined || from <= span.to);
    if (overlaps && !reused) return { known: span };
    if (reused && span.to === undefined) taken.push(span);
  }
  const later = spans.some((span) => span.from > sighting.to);
  const to = sighting.ended ?? (later ? sighting.to : undefined);
  return {
    fresh: { securityId: next, ticker, from, to, lastBar: undefined },
    closes: taken[0] && { ...taken[0], to: taken[0].lastBar },
  };
}

/** Securities whose last ticker has ended by a day. */
export function endedBy(spans: readonly TickerSpan[], day: TradingDay): Set<string> {
  const trading = new Set(
    spans.filter(({ to }) => to === undefined || to >= day).map(({ securityId }) => securityId),
  );
  return new Set(spans.map(({ securityId }) => securityId).filter((id) => !trading.has(id)));
}
