import type { DayTable } from "./tables.ts";

/**
 * Tells factors that have values for most names from those that would leave hardly a name with all factors: with less than half as many
 * values as the median one.
 */
export function byCoverage<Factor extends { readonly name: string; readonly table: DayTable }>(
  all: readonly Factor[],
): { readonly factors: readonly Factor[]; readonly sparse: string[] } {
  const counts = all.map(({ table }) =>
    table.values.reduce((sum, value) => sum + (Number.isFinite(value) ? 1 : 0), 0),
  );
  const median = counts.toSorted((a, b) => a - b)[counts.length >> 1]!;
  const isSparse = (at: number): boolean => counts[at]! < median / 2;
  return {
    factors: all.filter((_, at) => !isSparse(at)),
    sparse: all.filter((_, at) => isSparse(at)).map(({ name }) => name),
  };
}
