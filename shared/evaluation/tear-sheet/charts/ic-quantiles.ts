import type { HorizonDays } from "../../horizon-days.ts";
import { defined } from "../../moments.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asRatio, rounded } from "../number-format.ts";
import { normalQuantiles } from "../series/normal-quantiles.ts";
import { horizontalAxis, numberAxis, plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { line } from "./marks.ts";

const points = 240;

/** Quantiles of the standardised information coefficient over those of a normal distribution, and the diagonal. */
export function icQuantiles({ horizon, ic }: HorizonDays): Chart | undefined {
  const pairs = normalQuantiles(defined(ic), points);
  if (pairs.length === 0) return undefined;
  const furthest = Math.max(...pairs.flat().map(Math.abs));
  const interval = Math.ceil(furthest / 5);
  const reach = Math.ceil(furthest / interval) * interval;
  const scale = { min: -reach, max: reach, interval };
  return {
    label: `Q-Q plot of the daily rank IC at ${sessions(horizon)} against the normal distribution`,
    legend: [
      { name: "days, standardised", colour: colour.main, mark: "dot" },
      { name: "normal", colour: colour.quiet, mark: "dash" },
    ],
    formats: { x: asRatio, y: [asRatio], series: [asRatio, asRatio] },
    option: {
      grid: plot,
      dataset: { source: { x: [-reach, reach], y: [-reach, reach] } },
      tooltip: { show: false },
      xAxis: { ...horizontalAxis(), ...scale },
      yAxis: { ...numberAxis(), ...scale },
      series: [
        {
          type: "scatter",
          name: "days",
          silent: true,
          symbolSize: 4,
          itemStyle: { color: colour.main },
          data: pairs.map((pair) => rounded(pair, 3)),
        },
        line("normal", "y", colour.quiet, { x: "x", width: 1, dashed: true }),
      ],
    },
  };
}
