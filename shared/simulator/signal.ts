import quantile from "@stdlib/stats-base-dists-normal-quantile";
import { ArgSort } from "../evaluation/argsort.ts";
import { fillNoise, type NoiseOptions } from "./noise.ts";

/** What a signal is made of; `rho` is the persistence of its noise. */
export interface SignalOptions extends NoiseOptions {
  /** Expected rank IC of every day with the day's forward returns. */
  readonly ic: number;
}

/**
 * Fills a row-major (days x assets) table with a signal that knows the future: part normal scores of the day's forward
 * returns, part AR(1) noise. With a = 2 sin(pi ic / 6) its values are
 *
 *   a score(forward return) + sqrt(1 - a^2) noise
 *
 * standard normal, with a rank IC of `ic` in expectation (Pearson's formula for Spearman's rho of normals). As returns
 * hardly repeat, the autocorrelation of the signal is (1 - a^2) rho. Where the return is missing it is noise alone.
 *
 * @param out receives `days * assets` values
 * @param forwardReturns in the same shape: at day d what is earned from d on, NaN where unknown
 */
export function fillSignal(
  out: Float64Array,
  forwardReturns: Float64Array,
  options: SignalOptions,
): void {
  const { days, assets, ic } = options;
  fillNoise(out, options);
  const share = 2 * Math.sin((Math.PI * ic) / 6);
  const rest = Math.sqrt(1 - share * share);
  const sort = new ArgSort(assets);
  const known = new Float64Array(assets);
  const places = new Int32Array(assets);
  const scores = scoreTables();
  for (let row = 0; row < days * assets; row += assets) {
    let count = 0;
    for (let asset = 0; asset < assets; asset++) {
      const value = forwardReturns[row + asset]!;
      if (Number.isNaN(value)) continue;
      known[count] = value;
      places[count++] = row + asset;
    }
    const score = scores(count);
    sort.sort(known, count).forEach((position, rank) => {
      const place = places[position]!;
      out[place] = share * score[rank]! + rest * out[place]!;
    });
  }
}

/** Normal quantiles of (rank - 1/2) / count, scaled to variance 1; one table a count. */
function scoreTables(): (count: number) => Float64Array {
  const tables = new Map<number, Float64Array>();
  return (count) => {
    let table = tables.get(count);
    if (table === undefined) {
      table = Float64Array.from({ length: count }, (_, at) => quantile((at + 0.5) / count, 0, 1));
      const variance = table.reduce((sum, score) => sum + score * score, 0) / count;
      if (variance > 0) table = table.map((score) => score / Math.sqrt(variance));
      tables.set(count, table);
    }
    return table;
  };
}
