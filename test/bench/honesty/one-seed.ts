import { evaluateFactor } from "../../../shared/evaluation/evaluate.ts";
import { benjaminiHochberg } from "../../../shared/evaluation/false-discovery.ts";
import { ForwardReturns } from "../../../shared/evaluation/forward-returns.ts";
import type { DayTable } from "../../../shared/evaluation/tables.ts";
import { fillNoise } from "../../../shared/simulator/noise.ts";
import { fillSignal } from "../../../shared/simulator/signal.ts";
import { marketPrices } from "./market-prices.ts";

export const horizons = [1, 5, 21] as const;
export const persistences = [0, 0.9, 0.98, 0.995] as const;

/** Noise factors of each persistence in each market. */
export const noisePerCell = 40;

/** Signals that know the next day, and their daily rank IC. */
const planted = 5;
const plantedIc = 0.03;
const q = 0.05;

/** What the tests said of one factor's horizon. */
export interface TestOutcome {
  readonly rho: number;
  readonly horizon: number;
  readonly p: number;
  readonly pIid: number;
}

/** What false-discovery control made of one market's factors. */
export interface DiscoveryOutcome {
  readonly rejected: number;
  readonly falselyRejected: number;
  readonly plantedFound: number;
  readonly planted: number;
}

function testsOf(
  factor: DayTable,
  prices: DayTable,
  forward: ForwardReturns,
  rho: number,
): TestOutcome[] {
  const { result } = evaluateFactor({ factor, prices }, forward, {
    factor: "noise",
    quantiles: 5,
    costBps: 10,
  });
  return horizons.map((horizon) => {
    const ic = result.ic[String(horizon)]!;
    return { rho, horizon, p: ic.p_hac ?? 1, pIid: ic.p_iid ?? 1 };
  });
}

/** Judges noise of every persistence on one market by the evaluation that users run. */
export function noiseOutcomes(seed: number): TestOutcome[] {
  const prices = marketPrices(seed);
  const forward = new ForwardReturns(prices, { horizons, delay: 0, keepOrders: true });
  const outcomes: TestOutcome[] = [];
  const factor = { ...prices, values: new Float64Array(prices.values.length) };
  for (const rho of persistences) {
    for (let at = 0; at < noisePerCell; at++) {
      const size = { days: prices.days.length, assets: prices.assets.length };
      fillNoise(factor.values, { seed, ...size, rho, label: `honesty/${rho}/${at}` });
      outcomes.push(...testsOf(factor, prices, forward, rho));
    }
  }
  return outcomes;
}

/** Mixes signals into noise on one market and controls the false-discovery rate over all of it. */
export function discoveryOutcome(seed: number): DiscoveryOutcome {
  const prices = marketPrices(seed);
  const { days, assets } = prices;
  const forward = new ForwardReturns(prices, { horizons, delay: 0, keepOrders: true });
  const nextDay = new Float64Array(prices.values.length).fill(NaN);
  for (let row = 0; row < days.length; row++) {
    forward.load(row);
    nextDay.set(forward.returns[0]!, row * assets.length);
  }
  const tests: { p: number; isPlanted: boolean }[] = [];
  for (let at = 0; at < 20; at++) {
    const isPlanted = at < planted;
    const values = new Float64Array(prices.values.length);
    const size = { seed, days: days.length, assets: assets.length, rho: 0.98, label: `fdr/${at}` };
    if (isPlanted) fillSignal(values, nextDay, { ...size, ic: plantedIc });
    else fillNoise(values, size);
    for (const { p } of testsOf({ days, assets, values }, prices, forward, 0.98))
      tests.push({ p, isPlanted });
  }
  const adjusted = benjaminiHochberg(tests.map(({ p }) => p));
  const rejected = tests.filter((_, at) => adjusted[at]! <= q);
  return {
    rejected: rejected.length,
    falselyRejected: rejected.filter(({ isPlanted }) => !isPlanted).length,
    plantedFound: rejected.filter(({ isPlanted }) => isPlanted).length,
    planted: planted * horizons.length,
  };
}
