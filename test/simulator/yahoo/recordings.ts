import { recordedText } from "../../support/recorded-data.ts";

/** A recorded chart as Yahoo sent it. */
export interface RecordedChart {
  readonly meta: Record<string, unknown>;
  readonly timestamp: readonly number[];
  readonly events: { readonly dividends: Record<string, { amount: number; date: number }> };
  readonly indicators: {
    readonly quote: readonly [{ readonly close: readonly number[] }];
    readonly adjclose: readonly [{ readonly adjclose: readonly number[] }];
  };
}

/** The only result of a recorded body; the test is pending where the recordings are not there. */
export function recordedChart(context: Mocha.Context, file: string): RecordedChart {
  const body = JSON.parse(recordedText(context, `A_yahoo/${file}`)) as {
    chart: { result: [RecordedChart] };
  };
  return body.chart.result[0];
}
