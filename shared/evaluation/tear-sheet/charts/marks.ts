import type { BarSeriesOption, LineSeriesOption, MarkLineComponentOption } from "echarts";
import { colour } from "../colours.ts";

const still = { emphasis: { disabled: true }, silent: true } as const;

/** How a line differs from a plain one. */
export interface LineLook {
  readonly width?: number;
  readonly dashed?: boolean;
  /** Which data set holds the column. */
  readonly dataset?: number;
  /** Which pair of axes. */
  readonly axes?: number;
  /** The column to the right; `day` when nothing is said. */
  readonly x?: string;
  /** A value to the right at which a dashed line crosses the plot. */
  readonly rule?: number | undefined;
}

/** A line through a column of a data set. */
export function line(
  name: string,
  column: string,
  color: string,
  look: LineLook = {},
): LineSeriesOption {
  const { width = 1.5, dashed = false, dataset = 0, axes = 0, x = "day", rule } = look;
  return {
    ...still,
    type: "line",
    name,
    datasetIndex: dataset,
    xAxisIndex: axes,
    yAxisIndex: axes,
    encode: { x, y: column },
    showSymbol: false,
    lineStyle: { width, color, type: dashed ? "dashed" : "solid" },
    itemStyle: { color },
    ...(rule !== undefined && { markLine: ruleAt(rule) }),
  };
}

/** The same with the area to zero filled. */
export function area(
  name: string,
  column: string,
  color: string,
  look: LineLook = {},
): LineSeriesOption {
  return {
    ...line(name, column, color, { width: 1, ...look }),
    areaStyle: { color, opacity: 0.18, origin: look.axes === undefined ? "auto" : 0 },
  };
}

/** Thin bars through a column, all one path. */
export function needles(name: string, column: string, color: string): BarSeriesOption {
  return {
    ...still,
    type: "bar",
    name,
    encode: { x: "day", y: column },
    large: true,
    largeThreshold: 1,
    itemStyle: { color },
  };
}

/** A dashed line from the bottom to the top of the plot. */
export function ruleAt(x: number): MarkLineComponentOption {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: colour.quiet, width: 1, type: "dashed" },
    data: [{ xAxis: x }],
  };
}

/** A bar that keeps its colour under the pointer. */
export const stillBar = { type: "bar", emphasis: { disabled: true } } as const;
