import type { TradingDay } from "../../../market/trading-day.ts";
import type { HorizonDays } from "../../horizon-days.ts";
import { cumulativeGrowth } from "../../performance.ts";
import { quantileColour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asPercent, rounded } from "../number-format.ts";
import { buckets, lastOf } from "../series/buckets.ts";
import { numberAxis, plot, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { line } from "./marks.ts";

/**
 * Growth of a quantile against that of all names: the product of `((1 + quantile) / (1 + all))^(1 / h)`, minus 1. The
 * exponent spreads an h-session return over its sessions; at one session it is plain compounding. A day without names in
 * the quantile changes nothing.
 */
export function relativeGrowth(
  quantile: Float64Array,
  universe: Float64Array,
  horizon: number,
): Float64Array {
  const daily = quantile.map((value, day) => {
    const ratio = ((1 + value) / (1 + universe[day]!)) ** (1 / horizon) - 1;
    return Number.isFinite(ratio) ? ratio : 0;
  });
  return cumulativeGrowth(daily).map((growth) => growth - 1);
}

/** Cumulative return of each quantile relative to all names. */
export function quantileGrowth(days: readonly TradingDay[], horizon: HorizonDays): Chart {
  const { quantiles, universe } = horizon;
  const points = buckets(days.length, mostPoints);
  const names = quantileNames(quantiles.length);
  const colours = quantiles.map((_, at) => quantileColour(at, quantiles.length));
  return {
    label: `Cumulative return of each quantile relative to all names, from ${sessions(horizon.horizon)} returns`,
    legend: names.map((name, at) => ({ name, colour: colours[at]!, mark: "line" })),
    formats: { y: [asPercent], series: names.map(() => asPercent) },
    option: {
      grid: plot,
      dataset: {
        source: {
          day: daySteps(lastOf(points, days)),
          ...Object.fromEntries(
            quantiles.map((column, at) => [
              `q${at}`,
              rounded(lastOf(points, relativeGrowth(column, universe, horizon.horizon)), 4),
            ]),
          ),
        },
      },
      xAxis: timeAxis(),
      yAxis: numberAxis({ free: true }),
      series: names.map((name, at) => line(name, `q${at}`, colours[at]!)),
    },
  };
}

/** `Q1 low` .. `Q5 high`. */
export function quantileNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const end = at === 0 ? " low" : at === count - 1 ? " high" : "";
    return `Q${at + 1}${end}`;
  });
}
