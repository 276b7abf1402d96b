import type { EChartsOption } from "echarts";
import type { NumberFormat } from "../number-format.ts";

/** One entry of the legend, which is markup above the chart: it wraps on a phone and never covers data. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly mark: "line" | "dash" | "bar" | "dot";
}

/**
 * A chart as data. `option` is plain JSON; what ECharts wants as a function (writing numbers) is named in `formats` and
 * made by the page's script. A column `day` of a data set is `daySteps`.
 */
export interface Chart {
  readonly option: EChartsOption;
  readonly formats: {
    readonly x?: NumberFormat;
    /** One a vertical axis. */
    readonly y?: readonly NumberFormat[];
    /** One a series, for the tooltip. */
    readonly series?: readonly NumberFormat[];
  };
  /** What the chart shows, in words, for those who don't see it. */
  readonly label: string;
  readonly legend?: readonly LegendEntry[];
  /** Pixels, where the usual height does not fit. */
  readonly height?: number;
}

/** Points of a smooth line at most: one every two or three pixels of a wide screen. */
export const mostPoints = 500;

/** Days as the first one's number since 1970 and the steps from each to the next: two characters a day. */
export function daySteps(days: readonly string[]): number[] {
  const numbers = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return numbers.map((number, at) => (at === 0 ? number : number - numbers[at - 1]!));
}
