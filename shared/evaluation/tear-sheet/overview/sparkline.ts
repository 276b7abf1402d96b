import { trusted, type Html } from "../html.ts";
import { buckets, lastOf } from "../series/buckets.ts";
import { cumulativeSum } from "../series/moving-average.ts";

const [width, height, margin, points] = [112, 26, 2, 56];

/** The running sum of a daily series as a small picture with a line at zero; decoration beside the numbers. */
export function sparkline(values: Float64Array): Html {
  const series = lastOf(buckets(values.length, points), cumulativeSum(values));
  const [lowest, highest] = [Math.min(0, ...series), Math.max(0, ...series)];
  const x = (at: number): string =>
    (margin + ((width - 2 * margin) * at) / Math.max(1, series.length - 1)).toFixed(1);
  const y = (value: number): string =>
    (
      height -
      margin -
      ((height - 2 * margin) * (value - lowest)) / (highest - lowest || 1)
    ).toFixed(1);
  const path = series.map((value, at) => `${at === 0 ? "M" : "L"}${x(at)} ${y(value)}`).join("");
  return trusted(
    `<svg class="spark" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true"><path class="zero" d="M0 ${y(0)}H${width}"/><path d="${path}"/></svg>`,
  );
}
