import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/data/A_yahoo/", import.meta.url);

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

/** The only result of a recorded body; undefined where the recordings are not there. */
export function recordedChart(file: string): RecordedChart | undefined {
  const path = new URL(file, folder);
  if (!existsSync(path)) return undefined;
  const body = JSON.parse(readFileSync(path, "utf8")) as { chart: { result: [RecordedChart] } };
  return body.chart.result[0];
}

/** The text of a recording; undefined where the recordings are not there. */
export function recordedText(file: string): string | undefined {
  const path = new URL(file, folder);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
