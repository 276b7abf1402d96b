import type { Climate } from "./climate.ts";
import type { Plan } from "./listing.ts";
import { plantedShare, strengths, type Plant, type PlantedRho } from "./plants.ts";
import { RandomStream } from "./random.ts";

/** The same median return of every security and day, about 10 % a year: no factor ranks returns by holding more risk. */
export const commonDrift = 0.0004;
/** Jumps of a company a session, one a year. */
export const jumpRate = 1 / 252;
/** Standard deviation of a jump, in the company's daily idiosyncratic volatilities. */
export const jumpScale = 4;

/** No session moves the logarithm of a price by more. */
const largestMove = 0.6;
/** Daily volatility between the announcement of a takeover and the last session. */
const pinnedVolatility = 0.001;

/**
 * Fills the total returns of a company. Their logarithms are symmetrical about `commonDrift`, on a day and on any number
 * of days: the chance of one security to beat another depends on nothing known before, but for what is planted. (Means
 * of simple returns do: they grow with half the variance, as they do for everybody.)
 *
 *   log(1 + r) = drift + beta market + sectorBeta sector + volatility level u + jump
 *   u = sqrt(1 - sum rho^2) e + sum over plants of rho z
 *
 * with e standard normal and z the plant's sum of past `level e`, over its norm: standard normal as well. A company
 * younger than the plant's window has no z.
 *
 * @param out receives the return of session `plan.first + k` at k
 * @param shocks scratch of the same length
 */
export function fillReturns(
  seed: number,
  plan: Plan,
  climate: Climate,
  rho: PlantedRho,
  out: Float64Array,
  shocks: Float64Array,
): void {
  const { company, companyIndex, first } = plan;
  const count = plan.last - first + 1;
  const level = climate.level.subarray(first);
  const market = climate.market.subarray(first);
  const sector = climate.sectors[company.sector].subarray(first);
  const fresh = Math.sqrt(1 - plantedShare(rho)) * company.volatility;
  const { beta, sectorBeta } = company;
  new RandomStream(seed, `shocks/${companyIndex}`).fillNormal(shocks, 0, count);
  for (let at = 0; at < count; at++) {
    const shock = shocks[at]! * level[at]!;
    shocks[at] = shock;
    out[at] = commonDrift + beta * market[at]! + sectorBeta * sector[at]! + fresh * shock;
  }
  for (const planted of strengths(rho)) {
    const norms = climate.norms[planted.plant.name].subarray(first);
    addPlanted(planted.plant, planted.rho * company.volatility, shocks, level, norms, count, out);
  }
  addJumps(new RandomStream(seed, `jumps/${companyIndex}`), company.volatility, level, count, out);
  for (let at = 0; at < count; at++) {
    out[at] = Math.expm1(Math.max(-largestMove, Math.min(largestMove, out[at]!)));
  }
  if (plan.announced !== undefined) pin(seed, plan, plan.announced - first, count, out);
}

function addPlanted(
  { nearest, farthest, direction }: Plant,
  strength: number,
  shocks: Float64Array,
  level: Float64Array,
  norms: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const scale = direction * strength;
  let sum = 0;
  for (let at = nearest; at < count; at++) {
    sum += shocks[at - nearest]!;
    if (at < farthest) continue;
    if (at > farthest) sum -= shocks[at - farthest - 1]!;
    out[at] = out[at]! + (scale * level[at]! * sum) / norms[at]!;
  }
}

function addJumps(
  stream: RandomStream,
  volatility: number,
  level: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const wait = (): number => Math.ceil(stream.exponential(1 / jumpRate));
  for (let at = wait(); at < count; at += wait()) {
    out[at] = out[at]! + jumpScale * volatility * level[at]! * stream.normal();
  }
}

/** From the announcement of a takeover on: a premium at once, then next to nothing. */
function pin(seed: number, plan: Plan, from: number, count: number, out: Float64Array): void {
  const stream = new RandomStream(seed, `takeover/${plan.companyIndex}`);
  out[from] = stream.between(0.15, 0.5);
  for (let at = from + 1; at < count; at++) out[at] = pinnedVolatility * stream.normal();
}
