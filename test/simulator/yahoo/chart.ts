/** A chart reply as a client reads it. */
export interface Chart {
  readonly meta: Record<string, unknown>;
  readonly timestamp?: readonly number[];
  readonly events?: {
    readonly splits?: Record<string, { date: number; numerator: number; denominator: number }>;
    readonly dividends?: Record<string, { date: number; amount: number }>;
  };
  readonly indicators: {
    readonly quote: readonly [Readonly<Partial<Record<Column, readonly (number | null)[]>>>];
    readonly adjclose: readonly [{ readonly adjclose?: readonly (number | null)[] }];
  };
}

type Column = "open" | "high" | "low" | "close" | "volume";

/** The address of a chart; from 1970 to 2033 unless told. */
export function chartUrl(
  server: { readonly url: string },
  symbol: string,
  { period1 = 0, period2 = 2_000_000_000, events = "div|split|earn", interval = "1d" } = {},
): string {
  const query = new URLSearchParams({
    period1: String(period1),
    period2: String(period2),
    interval,
    events,
  });
  return `${server.url}/v8/finance/chart/${symbol}?${query.toString()}`;
}

/** Fetches the only result of a chart. */
export async function fetchChart(...address: Parameters<typeof chartUrl>): Promise<Chart> {
  const reply = await fetch(chartUrl(...address));
  const body = (await reply.json()) as { chart: { result: [Chart] } };
  return body.chart.result[0];
}
