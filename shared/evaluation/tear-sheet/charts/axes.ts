import type { XAXisComponentOption, YAXisComponentOption } from "echarts";
import { colour } from "../colours.ts";

/** Margins of a plot, the same for every chart of a column so that the plots line up. */
export const plot = { left: 48, right: 12, top: 10, bottom: 26 };

const axisLabel = { color: colour.quiet, fontSize: 11, hideOverlap: true };
/** Lies at zero where the plot holds it; labels stay at the edge. */
const axisLine = { show: true, lineStyle: { color: colour.quiet, width: 1 } };
/** Behind the marks, at a tick. */
export const gridLine = { show: true, lineStyle: { color: colour.grid } };

/** Days. `bare` for the upper of two plots that share their days. */
export function timeAxis(gridIndex = 0, bare = false): XAXisComponentOption {
  return {
    type: "time",
    gridIndex,
    axisLine,
    axisTick: { show: false },
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
export function numberAxis({
  gridIndex = 0,
  free = false,
  ticks = 4,
}: NumberAxis = {}): YAXisComponentOption {
  return {
    type: "value",
    gridIndex,
    scale: free,
    splitNumber: ticks,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel,
    splitLine: gridLine,
  };
}

/** Numbers, to the right. */
export function horizontalAxis(): XAXisComponentOption {
  return {
    type: "value",
    splitNumber: 4,
    axisLine,
    axisTick: { show: false },
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

/** Names, from top to bottom, cut where they are wider than `width` pixels. */
export function namesDown(names: readonly string[], width: number): YAXisComponentOption {
  return {
    type: "category",
    data: [...names],
    inverse: true,
    axisLine,
    axisTick: { show: false },
    axisLabel: { ...axisLabel, color: colour.ink, width, overflow: "truncate", interval: 0 },
  };
}
