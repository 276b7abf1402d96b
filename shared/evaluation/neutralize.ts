import { leastSquares } from "./least-squares.ts";
import { groupsOn, type DayTable } from "./tables.ts";

/** What a factor is made neutral to. */
export interface Exposures {
  /** Group by column, or by row and column, -1 for none; the group's mean is taken out. */
  readonly groupOf?: Int32Array | undefined;
  /** Tables with the factor's rows and columns: beta, size. */
  readonly tables: readonly DayTable[];
}

/** Beyond so many standard deviations a z-score is set to the bound. */
const winsorAt = 3;

/**
 * The part of a factor that groups and exposures do not explain: by day, the winsorised z-scores of the factor are
 * regressed on the group's dummies (or a constant) and on the exposures, and the residuals are the new values.
 *
 * A name without its group or one of its exposures has no residual that day; nor has a day with too few names or
 * exposures that explain each other.
 */
export function neutralize(factor: DayTable, exposures: Exposures): DayTable {
  const width = factor.assets.length;
  const values = new Float64Array(factor.values.length).fill(NaN);
  for (let day = 0; day < factor.days.length; day++) {
    const rows: number[] = [];
    const groupOf = exposures.groupOf && groupsOn(exposures.groupOf, day, width);
    for (let column = 0; column < width; column++) {
      const at = day * width + column;
      const known = exposures.tables.every((table) => Number.isFinite(table.values[at]!));
      const grouped = groupOf === undefined || groupOf[column]! >= 0;
      if (known && grouped && Number.isFinite(factor.values[at]!)) rows.push(at);
    }
    const groups = rows.map((at) => groupOf?.[at - day * width] ?? 0);
    const y = withoutGroupMeans(zScores(pick(factor, rows)), groups);
    const x = exposures.tables.map((table) =>
      withoutGroupMeans(zScores(pick(table, rows)), groups),
    );
    const slopes = leastSquares(x, y);
    if (slopes === undefined || rows.length <= new Set(groups).size + x.length) continue;
    for (const [row, at] of rows.entries()) {
      values[at] = slopes.reduce((rest, slope, k) => rest - slope * x[k]![row]!, y[row]!);
    }
  }
  return { days: factor.days, assets: factor.assets, values };
}

function pick(table: DayTable, positions: readonly number[]): Float64Array {
  return Float64Array.from(positions, (at) => table.values[at]!);
}

/** (x - mean) / std, cut at +-3. */
function zScores(values: Float64Array): Float64Array {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1),
  );
  return values.map((value) => Math.max(-winsorAt, Math.min(winsorAt, (value - mean) / deviation)));
}

function withoutGroupMeans(values: Float64Array, groups: readonly number[]): Float64Array {
  const sums = new Map<number, { sum: number; names: number }>();
  for (const [row, code] of groups.entries()) {
    const group = sums.get(code) ?? { sum: 0, names: 0 };
    sums.set(code, { sum: group.sum + values[row]!, names: group.names + 1 });
  }
  return values.map((value, row) => {
    const { sum, names } = sums.get(groups[row]!)!;
    return value - sum / names;
  });
}
