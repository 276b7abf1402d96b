import { drawdowns, cumulativeGrowth } from "../../performance.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asPercent, rounded } from "../number-format.ts";
import { buckets, lastOf, lowestOf } from "../series/buckets.ts";
import type { TradedPortfolio } from "../traded-portfolio.ts";
import { numberAxis, timeAxis } from "./axes.ts";
import { daySteps, mostPoints, type Chart } from "./chart.ts";
import { area, line } from "./marks.ts";

/** The traded portfolio's growth before and after cost above, the drawdown after cost below. */
export function longShort({ horizon, days, gross, net, costBps }: TradedPortfolio): Chart {
  const points = buckets(days.length, mostPoints);
  const gained = (returns: Float64Array): Float64Array =>
    cumulativeGrowth(returns).map((growth) => growth - 1);
  const netName = `net of ${costBps} bp a side`;
  return {
    label: `Cumulative return of the long-short portfolio held ${sessions(horizon)}, before and after cost, and its drawdown`,
    legend: [
      { name: "before cost", colour: colour.quiet, mark: "line" },
      { name: netName, colour: colour.main, mark: "line" },
      { name: "drawdown, net", colour: colour.low, mark: "line" },
    ],
    formats: {
      y: [
        { ...asPercent, digits: 0 },
        { ...asPercent, digits: 0 },
      ],
      series: [asPercent, asPercent, asPercent],
    },
    option: {
      grid: [
        { left: 48, right: 12, top: 10, height: "56%" },
        { left: 48, right: 12, bottom: 26, height: "22%" },
      ],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      dataset: {
        source: {
          day: daySteps(lastOf(points, days)),
          gross: rounded(lastOf(points, gained(gross)), 4),
          net: rounded(lastOf(points, gained(net)), 4),
          drawdown: rounded(lowestOf(points, drawdowns(net)), 4),
        },
      },
      xAxis: [timeAxis(0, true), timeAxis(1)],
      yAxis: [numberAxis({ free: true }), numberAxis({ gridIndex: 1, ticks: 2 })],
      series: [
        line("before cost", "gross", colour.quiet),
        line(netName, "net", colour.main, { width: 2 }),
        area("drawdown, net", "drawdown", colour.low, { axes: 1 }),
      ],
    },
  };
}
