import { mean, standardDeviation, varies } from "../evaluation/moments.ts";
import type { DayTable } from "../evaluation/tables.ts";

/** Standard deviations beyond which a value counts as if it lay there. */
const exposureLimit = 3;

/** Names below which a day's mean and deviation say nothing. */
const fewestNames = 10;

/**
 * Exposures of a factor: each day's values as standard scores over the names that have one. Scores beyond three deviations are
 * brought back to three, and what remains is scored again: each day has mean 0 and deviation 1 (ddof 1).
 *
 * @returns a table of the same shape; NaN where there is no value, and on days with fewer than ten names or none that differs
 */
export function exposuresOf({ days, assets, values }: DayTable): DayTable {
  const width = assets.length;
  const exposures = new Float64Array(values.length).fill(NaN);
  for (let day = 0; day < days.length; day++) {
    const row = values.subarray(day * width, (day + 1) * width);
    const columns: number[] = [];
    for (let column = 0; column < width; column++) {
      if (Number.isFinite(row[column]!)) columns.push(column);
    }
    if (columns.length < fewestNames) continue;
    const scores = scored(Float64Array.from(columns, (column) => row[column]!));
    const bounded = scores?.map((score) =>
      Math.max(-exposureLimit, Math.min(exposureLimit, score)),
    );
    const again = bounded && scored(bounded);
    if (again === undefined) continue;
    for (const [at, column] of columns.entries()) exposures[day * width + column] = again[at]!;
  }
  return { days, assets, values: exposures };
}

function scored(values: Float64Array): Float64Array | undefined {
  if (!varies(values)) return undefined;
  const center = mean(values);
  const deviation = standardDeviation(values);
  return values.map((value) => (value - center) / deviation);
}
