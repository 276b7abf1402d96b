import type { TradingDay } from "../../../market/trading-day.ts";
import { colour } from "../colours.ts";
import { asCount, asPercent, rounded } from "../number-format.ts";
import { buckets, lastOf, lowestOf, meanOf } from "../series/buckets.ts";
import { numberAxis, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { area } from "./marks.ts";

/** How many names counted on each day that has any value, and which share of those with a value fell out. */
export interface CoverageDays {
  readonly days: readonly TradingDay[];
  readonly names: Float64Array;
  readonly dropped: Float64Array;
}

/**
 * Joins the kept names with the names that had a value.
 *
 * @param factorDays days of the factor table
 * @param valuesIn names with a value on each of them
 * @param kept rows of `factorDays` that were kept, and the names kept on each
 */
export function coverageDays(
  factorDays: readonly TradingDay[],
  valuesIn: Int32Array,
  kept: { readonly days: Int32Array; readonly coverage: Int32Array },
): CoverageDays {
  const names = new Float64Array(factorDays.length);
  for (const [at, row] of kept.days.entries()) names[row] = kept.coverage[at]!;
  const rows = Array.from(valuesIn.keys()).filter((row) => valuesIn[row]! > 0);
  return {
    days: rows.map((row) => factorDays[row]!),
    names: Float64Array.from(rows, (row) => names[row]!),
    dropped: Float64Array.from(rows, (row) => 1 - names[row]! / valuesIn[row]!),
  };
}

/** Names kept by day above, the share of values dropped below. */
export function coverageChart({ days, names, dropped }: CoverageDays): Chart {
  const points = buckets(days.length, mostPoints);
  return {
    label: "Names kept on each day, and the share of the day's values that was dropped",
    legend: [
      { name: "names kept", colour: colour.main, mark: "line" },
      { name: "share dropped", colour: colour.low, mark: "line" },
    ],
    formats: { y: [asCount, { ...asPercent, digits: 0 }], series: [asCount, asPercent] },
    option: {
      grid: [
        { left: 48, right: 12, top: 10, height: "50%" },
        { left: 48, right: 12, bottom: 26, height: "22%" },
      ],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      dataset: {
        source: {
          day: daySteps(lastOf(points, days)),
          names: rounded(lowestOf(points, names), 0),
          dropped: rounded(meanOf(points, dropped), 3),
        },
      },
      xAxis: [timeAxis(0, true), timeAxis(1)],
      yAxis: [
        numberAxis({ ticks: 3 }),
        { ...numberAxis({ gridIndex: 1, ticks: 1 }), min: 0, max: 1, interval: 1 },
      ],
      series: [
        area("names kept", "names", colour.main),
        area("share dropped", "dropped", colour.low, { axes: 1 }),
      ],
    },
  };
}
