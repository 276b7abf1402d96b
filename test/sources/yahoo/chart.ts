import { sessionCloseMs, sessionOpenMs } from "../../../shared/market/calendar.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";

/** A row of a chart: its day, or its time in seconds since 1970, and its close; other prices are made of it. */
export type ChartRow = readonly [
  day: string | number,
  close: number | null,
  volume?: number | null,
];

export interface ChartParts {
  readonly rows: readonly ChartRow[];
  readonly splits?: readonly (readonly [day: string, numerator: number, denominator: number])[];
  readonly dividends?: readonly (readonly [day: string, amount: number])[];
  readonly capitalGains?: readonly (readonly [day: string, amount: number])[];
  /** Laid over the `meta` of a living security whose last trade is the close of the last row. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The open of a day's session as Yahoo stamps it. */
export const opened = (day: string): number => sessionOpenMs(parseTradingDay(day)) / 1000;

/** The close of a day's session, in seconds since 1970. */
export const closed = (day: string): number => sessionCloseMs(parseTradingDay(day)) / 1000;

function amounts(events: readonly (readonly [string, number])[]): Record<string, unknown> {
  return Object.fromEntries(
    events.map(([day, amount]) => [opened(day), { amount, date: opened(day) }]),
  );
}

/** The bytes of a v8 chart reply. */
export function chartBytes({ rows, splits, dividends, capitalGains, meta }: ChartParts): Buffer {
  const stamps = rows.map(([day]) => (typeof day === "number" ? day : opened(day)));
  const last = rows.at(-1)?.[0];
  const column = (change: number): (number | null)[] =>
    rows.map(([, close]) => (close === null ? null : close * change));
  const result = {
    meta: {
      currency: "USD",
      symbol: "TINY",
      exchangeTimezoneName: "America/New_York",
      regularMarketTime: typeof last === "string" ? closed(last) + 1 : last,
      dataGranularity: "1d",
      ...meta,
    },
    ...(rows.length > 0 ? { timestamp: stamps } : {}),
    events: {
      ...(splits && {
        splits: Object.fromEntries(
          splits.map(([day, numerator, denominator]) => [
            opened(day),
            { date: opened(day), numerator, denominator },
          ]),
        ),
      }),
      ...(dividends && { dividends: amounts(dividends) }),
      ...(capitalGains && { capitalGains: amounts(capitalGains) }),
    },
    indicators: {
      quote: [
        rows.length === 0
          ? {}
          : {
              open: column(0.99),
              high: column(1.02),
              low: column(0.98),
              close: column(1),
              volume: rows.map(([, close, volume]) =>
                volume === undefined ? (close === null ? null : 1000) : volume,
              ),
            },
      ],
    },
  };
  return Buffer.from(JSON.stringify({ chart: { result: [result], error: null } }));
}
