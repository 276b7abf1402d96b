import type { TradingDay } from "../../../market/trading-day.ts";
import type { HorizonDays } from "../../horizon-days.ts";
import { horizonColour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asRatio, rounded } from "../number-format.ts";
import { buckets, lastOf } from "../series/buckets.ts";
import { cumulativeSum } from "../series/moving-average.ts";
import { numberAxis, plot, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { line } from "./marks.ts";

/** The running sum of the daily information coefficients, a line a horizon: a steady factor climbs straight. */
export function cumulativeIc(days: readonly TradingDay[], horizons: readonly HorizonDays[]): Chart {
  const points = buckets(days.length, mostPoints);
  const names = horizons.map(({ horizon }) => sessions(horizon));
  const colours = horizons.map((_, at) => horizonColour(at, horizons.length));
  return {
    label: `Cumulative rank IC at ${names.join(", ")}`,
    legend: names.map((name, at) => ({ name, colour: colours[at]!, mark: "line" })),
    formats: { y: [asRatio], series: horizons.map(() => asRatio) },
    option: {
      grid: plot,
      dataset: {
        source: {
          day: daySteps(lastOf(points, days)),
          ...Object.fromEntries(
            horizons.map(({ ic }, at) => [`h${at}`, rounded(lastOf(points, cumulativeSum(ic)), 2)]),
          ),
        },
      },
      xAxis: timeAxis(),
      yAxis: numberAxis(),
      series: names.map((name, at) => line(name, `h${at}`, colours[at]!)),
    },
  };
}
