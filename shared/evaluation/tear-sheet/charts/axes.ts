import type { XAXisComponentOption, YAXisComponentOption } from "echarts";
import { colour } from "../colours.ts";

/** Margins of a plot, the same for every chart of a column so that the plots line up. */
export const plot = { left: 48, right: 12, top: 10, bottom: 26 };

const axisLabel = { color: colour.quiet, fontSize: 11, hideOverlap: true };
const axisLine = { show: true, onZero: false, lineStyle: { color: colour.rule } };
const splitLine = { show: true, lineStyle: { color: colour.grid } };

/** Days. `bare` for the upper of two plots that share their days. */
export function timeAxis(gridIndex = 0, bare = false): XAXisComponentOption {
  return {
    type: "time",
    gridIndex,
    axisLine,
    axisTick: { show: !bare, lineStyle: { color: colour.rule } },
    axisLabel: {
      ...axisLabel,
      show: !bare,
      formatter: { year: "{yyyy}", month: "{MMM}", day: "{d} {MMM}" },
    },
    splitLine: { show: false },
  };
}

/** What a vertical axis of numbers may say about itself. */
export interface NumberAxis {
  readonly gridIndex?: number;
  /** Need not begin at zero. */
  readonly free?: boolean;
  /** About how many intervals. */
  readonly ticks?: number;
}

/** Numbers, upwards. */
export function numberAxis({ gridIndex = 0, free = false, ticks = 4 }: NumberAxis = {}): YAXisComponentOption {
  return {
    type: "value",
    gridIndex,
    scale: free,
    splitNumber: ticks,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel,
    splitLine,
  };
}

/** Numbers, to the right. */
export function horizontalAxis(free = false): XAXisComponentOption {
  return {
    type: "value",
    scale: free,
    axisLine,
    axisTick: { show: true, lineStyle: { color: colour.rule } },
    axisLabel,
    splitLine: { show: false },
  };
}

/** Names, to the right. */
export function nameAxis(names: readonly string[]): XAXisComponentOption {
  return {
    type: "category",
    data: [...names],
    axisLine,
    axisTick: { show: false },
    axisLabel: { ...axisLabel, color: colour.ink },
  };
}
