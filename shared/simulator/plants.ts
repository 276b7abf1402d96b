/** A planted factor: which past sessions it sums, seen from the session whose return it moves. */
export interface Plant {
  /** The library factor that finds it. */
  readonly name: PlantedFactor;
  /** Sessions back to the newest summed shock; 1 is the session before. */
  readonly nearest: number;
  /** Sessions back to the oldest summed shock. */
  readonly farthest: number;
  /** +1 when a high sum is followed by high returns: momentum; -1: reversal. */
  readonly direction: 1 | -1;
  /** The sign of the mean rank IC of the factor as the library defines it. */
  readonly sign: 1 | -1;
}

/** Names of the library factors that can be planted. */
export type PlantedFactor = "rev_5" | "mom_12_1";

/**
 * Correlation of each planted part with the next day's idiosyncratic shock, by factor; a factor that is not named is not
 * planted, so `{}` is a market without any.
 */
export type PlantedRho = Readonly<Partial<Record<PlantedFactor, number>>>;

/** All that can be planted: `rev_5` = -(P[t] / P[t-5] - 1) and `mom_12_1` = P[t-21] / P[t-252] - 1. */
export const plants: readonly Plant[] = [
  { name: "rev_5", nearest: 1, farthest: 5, direction: -1, sign: 1 },
  { name: "mom_12_1", nearest: 22, farthest: 252, direction: 1, sign: 1 },
];

/** A plant with how strong it is here; only those with a strength other than 0. */
export function strengths(rho: PlantedRho): { readonly plant: Plant; readonly rho: number }[] {
  return plants
    .map((plant) => ({ plant, rho: rho[plant.name] ?? 0 }))
    .filter(({ rho }) => rho !== 0);
}

/** The planted share of the variance of a day's idiosyncratic shock: the sum of squared rhos. */
export function plantedShare(rho: PlantedRho): number {
  return strengths(rho).reduce((sum, planted) => sum + planted.rho ** 2, 0);
}
