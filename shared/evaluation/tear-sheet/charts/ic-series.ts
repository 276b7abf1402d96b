import type { TradingDay } from "../../../market/trading-day.ts";
import type { HorizonDays } from "../../horizon-days.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asCoefficient, rounded } from "../number-format.ts";
import { buckets, lastOf, meanOf } from "../series/buckets.ts";
import { moving } from "../series/moving-average.ts";
import { numberAxis, plot, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { line, needles } from "./marks.ts";

/** Windows of the moving averages: a month and a year. */
export const icWindows = [21, 252] as const;

/** More bars than this are thinner than a screen shows. */
const mostBars = 1_600;

/** How many days one bar of the series stands for; 1 unless the history is long. */
export function daysPerBar(days: number): number {
  return buckets(days, mostBars).size;
}

/** The daily information coefficient as needles, with its moving averages. */
export function icSeries(days: readonly TradingDay[], { horizon, ic }: HorizonDays): Chart {
  const bars = buckets(days.length, mostBars);
  const points = buckets(days.length, mostPoints);
  const [month, year] = icWindows.map((window) => moving(ic, window).mean);
  const daily = bars.size === 1 ? "daily" : `mean of ${bars.size} days`;
  const [monthName, yearName] = icWindows.map((window) => `${window}-day mean`);
  return {
    label: `Rank IC of each day at ${sessions(horizon)} with its ${icWindows.join("- and ")}-day moving averages`,
    legend: [
      { name: daily, colour: colour.faint, mark: "bar" },
      { name: monthName!, colour: colour.main, mark: "line" },
      { name: yearName!, colour: colour.ink, mark: "line" },
    ],
    formats: { y: [asCoefficient], series: [asCoefficient, asCoefficient, asCoefficient] },
    option: {
      grid: plot,
      dataset: [
        {
          source: {
            day: daySteps(lastOf(bars, days)),
            ic: rounded(meanOf(bars, ic), 3),
          },
        },
        {
          source: {
            day: daySteps(lastOf(points, days)),
            month: rounded(lastOf(points, month!), 4),
            year: rounded(lastOf(points, year!), 4),
          },
        },
      ],
      xAxis: timeAxis(),
      yAxis: numberAxis(),
      series: [
        needles(daily, "ic", colour.faint),
        line(monthName!, "month", colour.main, { dataset: 1, width: 1.2 }),
        line(yearName!, "year", colour.ink, { dataset: 1, width: 2.2 }),
      ],
    },
  };
}
