import { quantileEdges } from "../../quantiles.ts";

/** Counts in bins of one width; bin k holds values from `start + k * width` up to the next, that edge not included. */
export interface Histogram {
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

const fewest = 8;
const most = 60;
/** Values closer together than this are equal. */
const resolution = 1e-9;

/**
 * Counts values in bins whose edges are round numbers: the width is Freedman and Diaconis' (1981), rounded to 1, 2, 2.5
 * or 5 times a power of ten, and such that there are about 8 to 60 bins.
 *
 * @param values at least one, no NaN
 */
export function histogram(values: Float64Array): Histogram {
  const sorted = values.toSorted();
  const [lowest, highest] = [sorted[0]!, sorted.at(-1)!];
  const [, lower, , upper] = quantileEdges(sorted, 4);
  const range = highest - lowest;
  const ideal = (2 * (upper! - lower!)) / Math.cbrt(values.length);
  const width =
    range > resolution ? toRound(Math.max(range / most, Math.min(ideal, range / fewest))) : 1;
  const first = Math.floor(lowest / width);
  const counts = new Array<number>(Math.floor(highest / width) - first + 1).fill(0);
  for (const value of values) counts[Math.floor(value / width) - first]!++;
  return { start: first * width, width, counts };
}

/** How many of n normally distributed values with this mean and deviation a bin of this width at x would hold. */
export function normalCount(x: number, shape: NormalShape): number {
  const z = (x - shape.mean) / shape.deviation;
  const density = Math.exp(-(z * z) / 2) / (shape.deviation * Math.sqrt(2 * Math.PI));
  return shape.count * shape.width * density;
}

/** What a normal curve over a histogram is drawn from. */
export interface NormalShape {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
  readonly width: number;
}

function toRound(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const steps = [1, 2, 2.5, 5, 10].map((multiple) => multiple * power);
  return steps.reduce((best, step) =>
    Math.abs(Math.log(step / width)) < Math.abs(Math.log(best / width)) ? step : best,
  );
}
