import { z } from "zod";
import { MalformedRecord } from "../../errors.ts";

/** The parts of Yahoo's v8 chart reply that Quarry reads; whatever else is there is ignored. */
const numbers = z.array(z.number().nullable());

const result = z.object({
  meta: z.object({
    symbol: z.string(),
    currency: z.string().nullish(),
    exchangeName: z.string().nullish(),
    fullExchangeName: z.string().nullish(),
    exchangeTimezoneName: z.string(),
    instrumentType: z.string().nullish(),
    longName: z.string().nullish(),
    shortName: z.string().nullish(),
    firstTradeDate: z.number().nullish(),
    regularMarketTime: z.number().nullish(),
    dataGranularity: z.string().nullish(),
  }),
  timestamp: z.array(z.number()).optional(),
  events: z
    .object({
      splits: z
        .record(
          z.string(),
          z.object({ date: z.number(), numerator: z.number(), denominator: z.number() }),
        )
        .optional(),
      dividends: z
        .record(z.string(), z.object({ date: z.number(), amount: z.number() }))
        .optional(),
      capitalGains: z
        .record(z.string(), z.object({ date: z.number(), amount: z.number() }))
        .optional(),
    })
    .nullish(),
  indicators: z.object({
    quote: z.array(
      z.object({
        open: numbers.optional(),
        high: numbers.optional(),
        low: numbers.optional(),
        close: numbers.optional(),
        volume: numbers.optional(),
      }),
    ),
    adjclose: z.array(z.object({ adjclose: numbers.optional() })).optional(),
  }),
});

const body = z.object({
  chart: z.object({
    result: z.array(result).nullable(),
    error: z.object({ code: z.string(), description: z.string() }).nullish(),
  }),
});

/** One security's reply, by columns of equal length. */
export interface ChartBody {
  readonly meta: z.infer<typeof result>["meta"];
  /** Seconds since 1970 UTC, one a bar. */
  readonly timestamps: readonly number[];
  readonly open: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly close: readonly (number | null)[];
  readonly volume: readonly (number | null)[];
  /** Empty where the reply has none. */
  readonly adjclose: readonly (number | null)[];
  readonly splits: readonly { readonly date: number; readonly ratio: number }[];
  readonly dividends: readonly { readonly date: number; readonly amount: number }[];
  readonly capitalGains: readonly { readonly date: number; readonly amount: number }[];
}

/** What Yahoo answers instead of a history. */
export interface ChartError {
  readonly code: string;
  readonly description: string;
}

/**
 * Reads a reply of Yahoo's v8 chart endpoint.
 *
 * @param bytes as captured
 * @throws MalformedRecord when they are no such reply
 */
export function readChartBody(bytes: Uint8Array): ChartBody | ChartError {
  const text = Buffer.from(bytes).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MalformedRecord(`Yahoo's chart reply is no JSON; it begins "${text.slice(0, 60)}".`);
  }
  const parsed = body.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MalformedRecord(
      `Yahoo's chart reply: expected the v8 chart format, got ${issue.message} at ${issue.path.join(".")}.`,
    );
  }
  const { chart } = parsed.data;
  if (chart.error) return chart.error;
  const first = chart.result?.[0];
  if (first === undefined) return { code: "Empty", description: "no result in the reply" };
  const timestamps = first.timestamp ?? [];
  const quote = first.indicators.quote[0] ?? {};
  const column = (name: string, values: (number | null)[] | undefined): (number | null)[] => {
    if (timestamps.length > 0 && values?.length !== timestamps.length) {
      throw new MalformedRecord(
        `Yahoo's chart reply: expected ${timestamps.length} values of ${name}, got ${values?.length ?? 0}.`,
      );
    }
    return values ?? [];
  };
  const adjclose = first.indicators.adjclose?.[0]?.adjclose;
  return {
    meta: first.meta,
    timestamps,
    open: column("open", quote.open),
    high: column("high", quote.high),
    low: column("low", quote.low),
    close: column("close", quote.close),
    volume: column("volume", quote.volume),
    adjclose: adjclose ? column("adjclose", adjclose) : [],
    splits: Object.values(first.events?.splits ?? {}).map(({ date, numerator, denominator }) => ({
      date,
      ratio: numerator / denominator,
    })),
    dividends: Object.values(first.events?.dividends ?? {}),
    capitalGains: Object.values(first.events?.capitalGains ?? {}),
  };
}
