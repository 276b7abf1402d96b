import { plural } from "../../../units.ts";
import type { HorizonDays } from "../../horizon-days.ts";
import { defined, mean, standardDeviation } from "../../moments.ts";
import { colour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asCoefficient, asCount, formatNumber, rounded } from "../number-format.ts";
import { histogram, normalCount } from "../series/histogram.ts";
import { horizontalAxis, numberAxis, plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { line, ruleAt, stillBar } from "./marks.ts";

const curvePoints = 80;

/** Edges of bins. */
const edge = { ...asCoefficient, digits: 3 };

/** How often which information coefficient occurs, with the normal curve of the same mean and deviation. */
export function icHistogram({ horizon, ic }: HorizonDays): Chart | undefined {
  const values = defined(ic);
  const deviation = standardDeviation(values);
  if (!(deviation > 0)) return undefined;
  const center = mean(values);
  const { start, width, counts } = histogram(values);
  const shape = { mean: center, deviation, count: values.length, width };
  const outward = (x: number, round: (steps: number) => number): number =>
    Number((round(x / (2 * width)) * 2 * width).toFixed(6));
  const from = outward(Math.min(start, center - 3.5 * deviation), Math.floor);
  const to = outward(Math.max(start + width * counts.length, center + 3.5 * deviation), Math.ceil);
  const xs = Array.from(
    { length: curvePoints + 1 },
    (_, k) => from + ((to - from) * k) / curvePoints,
  );
  return {
    label: `Histogram of the daily rank IC at ${sessions(horizon)} with a normal curve`,
    legend: [
      { name: "days", colour: colour.muted, mark: "bar" },
      { name: "normal, same mean and deviation", colour: colour.main, mark: "line" },
      { name: "mean", colour: colour.quiet, mark: "dash" },
    ],
    formats: { x: asCoefficient, y: [asCount] },
    option: {
      grid: plot,
      dataset: {
        source: {
          x: rounded(xs, 4),
          normal: rounded(
            xs.map((x) => normalCount(x, shape)),
            2,
          ),
        },
      },
      tooltip: { trigger: "item", formatter: "{b}" },
      xAxis: { ...horizontalAxis(), min: from, max: to },
      yAxis: numberAxis(),
      series: [
        {
          ...stillBar,
          name: "days",
          barCategoryGap: "4%",
          itemStyle: { color: colour.muted },
          data: counts.map((count, k) => {
            const edges = [k, k + 1].map((step) => formatNumber(start + step * width, edge));
            return {
              value: [Number((start + (k + 0.5) * width).toFixed(6)), count],
              name: `${edges.join(" to ")}: ${plural(count, "day")}`,
            };
          }),
          markLine: ruleAt(center),
        },
        line("normal", "normal", colour.main, { x: "x" }),
      ],
    },
  };
}
