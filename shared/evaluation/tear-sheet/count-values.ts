import type { DayTable } from "../tables.ts";

/** How many assets have a value on each day of a table. */
export function countValues({ days, assets, values }: DayTable): Int32Array {
  const width = assets.length;
  return Int32Array.from(days, (_, row) => {
    let count = 0;
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (Number.isFinite(values[at]!)) count++;
    }
    return count;
  });
}
