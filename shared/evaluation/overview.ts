import { ArgSort } from "./argsort.ts";
import { byCoverage } from "./coverage.ts";
import type { ForwardReturns } from "./forward-returns.ts";
import { leastSquares } from "./least-squares.ts";
import { cosineTerms, cosineTest } from "./long-run-variance.ts";
import { defined, mean } from "./moments.ts";
import { averageRanks, clamp } from "./ranks.ts";
import { rowsByDay, type DayTable } from "./tables.ts";

/** A factor that stands beside others. */
export interface OverviewFactor {
  readonly name: string;
  readonly table: DayTable;
  /** How strongly it stands alone; the strongest comes first when each is asked what it adds. */
  readonly strength: number;
}

/** What one factor adds to those before it. */
export interface Marginal {
  readonly factor: string;
  /** Mean rank IC of the part of its ranks that those before it do not explain; NaN where undefined. */
  readonly ic: number;
  readonly t: number;
  readonly p: number;
}

/** Factors side by side. Matrices go by the order in which the factors were given; NaN where undefined. */
export interface Overview {
  readonly factors: readonly string[];
  /** Left out, as they have values for so few names that hardly any would have all factors. */
  readonly sparse: readonly string[];
  readonly horizon: number;
  /** Days looked at. */
  readonly days: number;
  /** Mean over days of the correlation of ranks. */
  readonly valueCorrelation: readonly Float64Array[];
  /** Correlation over days of the information coefficients. */
  readonly icCorrelation: readonly Float64Array[];
  /** Strongest first. */
  readonly marginal: readonly Marginal[];
}

/**
 * Compares factors over the same days and columns: how alike their values and their information coefficients are, and
 * what each adds to the stronger ones.
 *
 * On each day only names with all factors and a return count, so that the matrices compare like with like. Factors that have less than
 * half as many values as the median one would leave hardly a name, and are left out.
 *
 * @param all tables of one shape
 * @param forward forward returns over the same columns
 * @param at which of its horizons
 * @param spacing sessions between two days of the tables: large ones hold every n-th day only
 */
export function compareFactors(
  all: readonly OverviewFactor[],
  forward: ForwardReturns,
  at: number,
  spacing = 1,
): Overview {
  const { factors, sparse } = byCoverage(all);
  const count = factors.length;
  const byStrength = factors
    .map((_, k) => k)
    .sort((a, b) => factors[b]!.strength - factors[a]!.strength);
  const { days, assets } = factors[0]!.table;
  const rowOf = rowsByDay(days, forward.prices.days);
  const ranker = new Ranker(assets.length);
  const values = matrix(count, () => [] as number[]);
  const ics: number[][] = factors.map(() => []);
  const marginals: number[][] = factors.map(() => []);
  let looked = 0;
  for (let day = 0; day < days.length; day++) {
    if (rowOf[day]! < 0) continue;
    forward.load(rowOf[day]!);
    const rows = common(factors, day, forward.complete);
    if (rows.length <= count + 1) continue;
    looked++;
    const returns = ranker.ranks(
      Float64Array.from(rows, (column) => forward.returns[at]![column]!),
    );
    const ranks = factors.map(({ table }) =>
      ranker.ranks(
        Float64Array.from(rows, (column) => table.values[day * assets.length + column]!),
      ),
    );
    for (let k = 0; k < count; k++) {
      ics[k]!.push(correlation(ranks[k]!, returns));
      for (let l = 0; l <= k; l++) values[k]![l]!.push(correlation(ranks[k]!, ranks[l]!));
    }
    const before: Float64Array[] = [];
    for (const k of byStrength) {
      const rest = residual(ranks[k]!, before);
      marginals[k]!.push(rest ? correlation(ranker.ranks(rest), returns) : NaN);
      before.push(ranks[k]!);
    }
  }
  const average = (series: number[]): number => mean(defined(Float64Array.from(series)));
  return {
    factors: factors.map(({ name }) => name),
    sparse,
    horizon: forward.horizons[at]!,
    days: looked,
    valueCorrelation: symmetric(count, (k, l) => average(values[k]![l]!)),
    icCorrelation: symmetric(count, (k, l) => pairwise(ics[k]!, ics[l]!)),
    marginal: byStrength.map((k) => {
      const series = defined(Float64Array.from(marginals[k]!));
      const terms = cosineTerms(series.length, Math.max(1, forward.horizons[at]! / spacing));
      const test = series.length > terms ? cosineTest(series, terms) : { t: NaN, p: NaN };
      return { factor: factors[k]!.name, ic: mean(series), t: test.t, p: test.p };
    }),
  };
}

/** Ranks of values; owns the scratch memory. */
class Ranker {
  readonly #sort: ArgSort;

  constructor(width: number) {
    this.#sort = new ArgSort(width);
  }

  /** Average ranks minus their mean. */
  ranks(values: Float64Array): Float64Array {
    const ranks = new Float64Array(values.length);
    averageRanks(values, this.#sort.sort(values, values.length), ranks);
    return ranks.map((rank) => rank - (values.length + 1) / 2);
  }
}

function common(factors: readonly OverviewFactor[], day: number, complete: Uint8Array): number[] {
  const width = complete.length;
  const columns: number[] = [];
  for (let column = 0; column < width; column++) {
    if (complete[column] === 0) continue;
    const at = day * width + column;
    if (factors.every(({ table }) => Number.isFinite(table.values[at]!))) columns.push(column);
  }
  return columns;
}

/** What is left of a variance below this share of it is rounding. */
const nothingLeft = 1e-9;

/** What regressors of mean zero leave of y; undefined where nothing is left to rank. */
function residual(y: Float64Array, x: readonly Float64Array[]): Float64Array | undefined {
  if (x.length === 0) return y;
  const slopes = leastSquares(x, y);
  if (slopes === undefined) return undefined;
  const rest = y.map((value, row) => slopes.reduce((left, b, k) => left - b * x[k]![row]!, value));
  return squares(rest) > nothingLeft * squares(y) ? rest : undefined;
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** Pearson's correlation of values whose means are zero. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    ab += a[row]! * b[row]!;
    aa += a[row]! * a[row]!;
    bb += b[row]! * b[row]!;
  }
  return aa > 0 && bb > 0 ? clamp(ab / Math.sqrt(aa * bb)) : NaN;
}

/** Correlation over the days on which both series are defined. */
function pairwise(a: readonly number[], b: readonly number[]): number {
  const days = a.flatMap((value, day) => (Number.isNaN(value + b[day]!) ? [] : [day]));
  const centered = (series: readonly number[]): Float64Array => {
    const picked = Float64Array.from(days, (day) => series[day]!);
    const center = mean(picked);
    return picked.map((value) => value - center);
  };
  return correlation(centered(a), centered(b));
}

function matrix<Cell>(count: number, make: () => Cell): Cell[][] {
  return Array.from({ length: count }, () => Array.from({ length: count }, make));
}

function symmetric(count: number, cell: (k: number, l: number) => number): Float64Array[] {
  const rows = Array.from({ length: count }, () => new Float64Array(count));
  for (let k = 0; k < count; k++) {
    for (let l = 0; l <= k; l++) rows[k]![l] = rows[l]![k] = cell(k, l);
  }
  return rows;
}
