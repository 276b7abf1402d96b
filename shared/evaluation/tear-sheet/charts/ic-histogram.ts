import type { HorizonDays } from "../../horizon-days.ts";
import { defined, mean, standardDeviation } from "../../moments.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asCoefficient, asCount, rounded } from "../number-format.ts";
import { histogram, normalCount } from "../series/histogram.ts";
import { horizontalAxis, numberAxis, plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { line, ruleAt, stillBar } from "./marks.ts";

const curvePoints = 80;

/** How often which information coefficient occurs, with the normal curve of the same mean and deviation. */
export function icHistogram({ horizon, ic }: HorizonDays): Chart | undefined {
  const values = defined(ic);
  const deviation = standardDeviation(values);
  if (!(deviation > 0)) return undefined;
  const center = mean(values);
  const { start, width, counts } = histogram(values);
  const shape = { mean: center, deviation, count: values.length, width };
  const [from, to] = [
    Math.min(start, center - 3.5 * deviation),
    Math.max(start + width * counts.length, center + 3.5 * deviation),
  ];
  const xs = Array.from({ length: curvePoints + 1 }, (_, k) => from + ((to - from) * k) / curvePoints);
  return {
    label: `Histogram of the daily rank IC at ${sessions(horizon)} with a normal curve`,
    legend: [
      { name: "days", colour: colour.faint, mark: "bar" },
      { name: "normal, same mean and deviation", colour: colour.main, mark: "line" },
      { name: "mean", colour: colour.quiet, mark: "line" },
    ],
    formats: { x: asCoefficient, y: [asCount], series: [asCount, asCount] },
    option: {
      grid: plot,
      dataset: {
        source: {
          x: rounded(xs, 4),
          normal: rounded(xs.map((x) => normalCount(x, shape)), 2),
        },
      },
      xAxis: { ...horizontalAxis(true), min: from, max: to },
      yAxis: numberAxis(),
      series: [
        {
          ...stillBar,
          name: "days",
          barCategoryGap: "4%",
          itemStyle: { color: colour.faint },
          data: counts.map((count, k) => [Number((start + (k + 0.5) * width).toFixed(6)), count]),
          markLine: ruleAt({ x: center }),
        },
        line("normal", "normal", colour.main, { x: "x" }),
      ],
    },
  };
}
