import type { TradingDay } from "../../../market/trading-day.ts";
import type { HorizonDays } from "../../horizon-days.ts";
import { spread } from "../../summary.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asBasisPoints, rounded } from "../number-format.ts";
import { buckets, lastOf } from "../series/buckets.ts";
import { moving } from "../series/moving-average.ts";
import { numberAxis, plot, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { line } from "./marks.ts";

/** Window of the mean and of the band: a quarter. */
export const spreadWindow = 63;

/** Top minus bottom quantile: a moving mean in a band of one moving deviation to each side, once a window is full. */
export function spreadSeries(days: readonly TradingDay[], horizon: HorizonDays): Chart | undefined {
  const points = buckets(days.length, mostPoints);
  const { mean, deviation } = moving(spread(horizon), spreadWindow);
  if (mean.every(Number.isNaN)) return undefined;
  const meanName = `${spreadWindow}-day mean`;
  const bandName = "± 1 standard deviation";
  const edge = { lineStyle: { opacity: 0 }, stack: "band", stackStrategy: "all" } as const;
  return {
    label: `Return of the top minus the bottom quantile over ${sessions(horizon.horizon)}, ${meanName} with a band of ${bandName}`,
    legend: [
      { name: meanName, colour: colour.main, mark: "line" },
      { name: bandName, colour: colour.faint, mark: "bar" },
    ],
    formats: { y: [asBasisPoints], series: [asBasisPoints, asBasisPoints, asBasisPoints] },
    option: {
      grid: plot,
      dataset: {
        source: {
          day: daySteps(lastOf(points, days)),
          mean: rounded(lastOf(points, mean), 5),
          floor: rounded(
            lastOf(
              points,
              mean.map((value, at) => value - deviation[at]!),
            ),
            5,
          ),
          band: rounded(
            lastOf(
              points,
              deviation.map((value) => 2 * value),
            ),
            5,
          ),
        },
      },
      xAxis: timeAxis(),
      yAxis: numberAxis(),
      series: [
        { ...line("low edge", "floor", colour.faint), ...edge, tooltip: { show: false } },
        {
          ...line("width of the band", "band", colour.faint),
          ...edge,
          areaStyle: { color: colour.faint, opacity: 0.45 },
          tooltip: { show: false },
        },
        line(meanName, "mean", colour.main, { width: 1.8 }),
      ],
    },
  };
}
