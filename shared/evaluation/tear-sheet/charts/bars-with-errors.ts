import type { BarSeriesOption, LineSeriesOption } from "echarts";
import { colour } from "../colours.ts";
import { formatNumber, rounded, type NumberFormat } from "../number-format.ts";
import type { Statistic } from "../../result.ts";
import { gridLine, horizontalAxis, nameAxis, namesDown, numberAxis, plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { stillBar } from "./marks.ts";

/** Bars of one colour, or of one each, with or without whiskers. */
export interface BarGroup {
  readonly name: string;
  readonly colour: string;
  /** Overrides `colour` bar by bar. */
  readonly colours?: readonly string[];
  readonly values: readonly Statistic[];
  /** Half the length of each whisker: 2 standard errors. */
  readonly errors?: readonly Statistic[];
}

/** Bars by category, side by side where there are several groups. */
export interface Bars {
  readonly categories: readonly string[];
  readonly groups: readonly BarGroup[];
  readonly format: NumberFormat;
  readonly label: string;
  /** Categories from top to bottom, for long names. */
  readonly horizontal?: boolean;
}

const emptyShare = 0.4;
const gap = 0.15;

/** Where the centre of a group's bar stands, in categories from the left: the layout ECharts gives the bars. */
export function barCentre(category: number, group: number, groups: number): number {
  const width = (1 - emptyShare) / (groups + (groups - 1) * gap);
  return category + emptyShare / 2 + group * width * (1 + gap) + width / 2;
}

/** Draws bars, unless there is none; the whiskers are lines on a hidden axis that counts categories. */
export function barsWithErrors({
  categories,
  groups,
  format,
  label,
  horizontal = false,
}: Bars): Chart | undefined {
  if (groups.every(({ values }) => values.every((value) => value === null))) return undefined;
  const bars = groups.map((group): BarSeriesOption => ({
    ...stillBar,
    name: group.name,
    barCategoryGap: `${emptyShare * 100}%`,
    barGap: `${gap * 100}%`,
    itemStyle: { color: group.colour },
    data: rounded(group.values, 7).map((value, at) => ({
      value: value ?? "-",
      name: tipOf(categories[at]!, group, at, format, groups.length > 1),
      ...(group.colours && { itemStyle: { color: group.colours[at]! } }),
    })),
  }));
  const whiskers = groups.flatMap((group, at) => whiskersOf(group, at, groups.length, horizontal));
  const counting = {
    type: "value" as const,
    show: false,
    min: 0,
    max: categories.length,
    inverse: horizontal,
  };
  return {
    label,
    legend:
      groups.length > 1
        ? groups.map(({ name, colour }) => ({ name, colour, mark: "bar" as const }))
        : [],
    ...(horizontal && { height: 40 + categories.length * (10 + 12 * groups.length) }),
    formats: horizontal ? { x: format } : { y: [format] },
    option: {
      grid: horizontal ? { ...plot, left: nameWidth(categories) + 10 } : plot,
      tooltip: { trigger: "item", formatter: "{b}" },
      xAxis: horizontal
        ? { ...horizontalAxis(), axisLine: { show: false }, splitLine: gridLine }
        : [nameAxis(categories), counting],
      yAxis: horizontal ? [namesDown(categories, nameWidth(categories)), counting] : numberAxis(),
      series: [...bars, ...whiskers],
    },
  };
}

/** Room for names beside a plot, pixels: what the longest needs, within reason; longer ones are cut. */
function nameWidth(names: readonly string[]): number {
  return Math.min(140, 7 * Math.max(...names.map((name) => name.length)));
}

function tipOf(
  category: string,
  { name, values, errors }: BarGroup,
  at: number,
  format: NumberFormat,
  named: boolean,
): string {
  const error = errors?.[at] ?? null;
  const value = formatNumber(values[at]!, format);
  const range = error === null ? "" : ` ± ${formatNumber(error, format)}`;
  return `${category}${named ? `, ${name}` : ""}: ${value}${range}`;
}

function whiskersOf(
  group: BarGroup,
  at: number,
  groups: number,
  horizontal: boolean,
): LineSeriesOption[] {
  if (group.errors === undefined) return [];
  const data = group.errors.flatMap((error, category) => {
    const value = group.values[category] ?? null;
    if (value === null || error === null) return [];
    const place = Number(barCentre(category, at, groups).toFixed(4));
    const [low, high] = rounded([value - error, value + error], 7);
    const ends = [
      [place, low!],
      [place, high!],
      [place, "-"],
    ];
    return horizontal ? ends.map((end) => end.toReversed()) : ends;
  });
  return [
    {
      type: "line",
      name: `${group.name}, 2 standard errors`,
      ...(horizontal ? { yAxisIndex: 1 } : { xAxisIndex: 1 }),
      silent: true,
      symbol: "rect",
      symbolSize: horizontal ? [1.2, 7] : [7, 1.2],
      lineStyle: { color: colour.ink, width: 1.2 },
      itemStyle: { color: colour.ink },
      emphasis: { disabled: true },
      z: 5,
      data,
    },
  ];
}
