import { isTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";

/** Whose report a file is, about which period, and when it was published. */
export interface ReportIdentity {
  readonly ticker: string;
  readonly periodEnd: TradingDay;
  readonly published: TradingDay | undefined;
}

/** `reports/<TICKER>/<period-end>/[<published>/]name.pdf`; undefined for another key. */
export function identityOfKey(key: string): ReportIdentity | undefined {
  const match =
    /(?:^|\/)reports\/([A-Za-z0-9.-]{1,10})\/(\d{4}-\d{2}-\d{2})\/(?:(\d{4}-\d{2}-\d{2})\/)?[^/]+\.pdf$/i.exec(
      key,
    );
  const [, ticker, periodEnd, published] = match ?? [];
  if (ticker === undefined || periodEnd === undefined || !isTradingDay(periodEnd)) return undefined;
  if (published === undefined) return { ticker, periodEnd, published: undefined };
  return isTradingDay(published) ? { ticker, periodEnd, published } : undefined;
}

/** What the file `name.json` beside a report says: `{"ticker", "period_end", "published"}`; undefined where it says it not. */
export function identityOfSidecar(text: string): ReportIdentity | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { ticker, period_end, published } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof ticker !== "string" || !/^[A-Za-z0-9.-]{1,10}$/.test(ticker)) return undefined;
  if (typeof period_end !== "string" || !isTradingDay(period_end)) return undefined;
  if (published === undefined || published === null) {
    return { ticker, periodEnd: period_end, published: undefined };
  }
  if (typeof published !== "string" || !isTradingDay(published)) return undefined;
  return { ticker, periodEnd: period_end, published };
}
