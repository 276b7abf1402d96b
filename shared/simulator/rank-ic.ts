import { marketVolatility, sectorVolatility } from "./climate.ts";
import type { Company } from "./company.ts";
import { plantedShare, strengths, type PlantedRho } from "./plants.ts";
import { jumpRate, jumpScale } from "./returns.ts";

/** A factor that is a sum of past daily returns, and the return it is measured against. */
export interface LinearFactor {
  /** Weight of the return k sessions before the factor's day, at k. */
  readonly weights: Float64Array;
  /** Sessions that the return spans. */
  readonly horizon: number;
  /** Sessions between the factor's day and the first price of the return. */
  readonly delay: number;
}

/**
 * The mean daily rank IC that a linear factor has on a simulated market, to first order in rho.
 *
 * Let f be the factor and y the forward return of one security, u its idiosyncratic shocks (a moving average of normal
 * shocks, by the plants), c = cov(f, y) in u alone, and D(i, j) the standard deviation of what two securities differ by.
 * With normal f and y, Spearman's rho is 12 E[(F(f) - 1/2) (G(y) - 1/2)] over the pooled distributions F and G, and
 * Stein's lemma, once for each side, gives
 *
 *   IC = (6 / pi) c  mean_i( vol_i^2  mean_j(1 / D_f(i, j))  mean_j(1 / D_y(i, j)) )
 *
 * which for equal securities without a common factor is the known (3 / pi) cov(f, y) / (sd f sd y). The market's level
 * of volatility scales f and y of all alike and drops out. D has the idiosyncratic part, the parts of market and sector
 * that the two do not share, and jumps, over whose number the mean of 1 / D is taken. Left out, each below 3 % of the
 * IC: the curvature of compounding, ticks, halts, and companies pinned by a takeover.
 */
export function expectedRankIc(
  companies: readonly Company[],
  rho: PlantedRho,
  { weights, horizon, delay }: LinearFactor,
): number {
  const past = Float64Array.from({ length: weights.length + horizon + delay }, (_, lag) =>
    lag < horizon + delay ? 0 : weights[lag - horizon - delay]!,
  );
  const ahead = Float64Array.from(past, (_, lag) => (lag < horizon ? 1 : 0));
  const covariance = autocovariance(rho, past.length);
  const joint = product(past, ahead, covariance);
  const pastSide = meanInverseDistances(companies, past, product(past, past, covariance));
  const aheadSide = meanInverseDistances(companies, ahead, product(ahead, ahead, covariance));
  let sum = 0;
  companies.forEach((company, at) => {
    sum += company.volatility ** 2 * pastSide[at]! * aheadSide[at]!;
  });
  return ((6 / Math.PI) * joint * sum) / companies.length;
}

/** Autocovariances of u, variance 1, by lag. */
function autocovariance(rho: PlantedRho, count: number): Float64Array {
  const weights: number[] = [Math.sqrt(1 - plantedShare(rho))];
  for (const { plant, rho: strength } of strengths(rho)) {
    const { nearest, farthest, direction } = plant;
    const weight = (direction * strength) / Math.sqrt(farthest - nearest + 1);
    for (let lag = nearest; lag <= farthest; lag++) weights[lag] = weight;
  }
  return Float64Array.from({ length: count }, (_, lag) =>
    weights.reduce((sum, weight, at) => sum + weight * (weights[at + lag] ?? 0), 0),
  );
}

function product(a: Float64Array, b: Float64Array, covariance: Float64Array): number {
  let sum = 0;
  a.forEach((x, i) => {
    if (x === 0) return;
    b.forEach((y, j) => {
      if (y !== 0) sum += x * y * covariance[Math.abs(i - j)]!;
    });
  });
  return sum;
}

/** By company, the mean over the others of 1 / D. */
function meanInverseDistances(
  companies: readonly Company[],
  weights: Float64Array,
  variance: number,
): Float64Array {
  const days = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const jumps = poisson(2 * jumpRate * weights.reduce((sum, w) => sum + (w === 0 ? 0 : 1), 0));
  const jumpVariance = ((jumpScale ** 2 / 2) * days) / weights.filter((w) => w !== 0).length;
  return Float64Array.from(companies, (a) => {
    let sum = 0;
    for (const b of companies) {
      if (a === b) continue;
      const own = a.volatility ** 2 + b.volatility ** 2;
      const shared = days * systematicVariance(a, b);
      jumps.forEach((probability, count) => {
        sum += probability / Math.sqrt(own * (variance + count * jumpVariance) + shared);
      });
    }
    return sum / (companies.length - 1);
  });
}

/** Daily variance of what market and sectors set two companies apart by. */
function systematicVariance(a: Company, b: Company): number {
  const sector =
    a.sector === b.sector
      ? (a.sectorBeta - b.sectorBeta) ** 2
      : a.sectorBeta ** 2 + b.sectorBeta ** 2;
  return marketVolatility ** 2 * (a.beta - b.beta) ** 2 + sectorVolatility ** 2 * sector;
}

/** Probabilities of 0, 1, 2 ... events, until less than 1e-6 is left. */
function poisson(mean: number): number[] {
  const probabilities: number[] = [];
  let probability = Math.exp(-mean);
  for (let left = 1; left > 1e-6; left -= probability, probability *= mean / probabilities.length) {
    probabilities.push(probability);
  }
  return probabilities;
}
