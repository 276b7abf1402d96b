import { RandomStream } from "./random.ts";
import { sectors, type Sector } from "./sectors.ts";
import { plants, type PlantedFactor } from "./plants.ts";

/** Daily volatility of the market factor where `level` is 1. */
export const marketVolatility = 0.009;
/** Daily volatility of each sector factor where `level` is 1. */
export const sectorVolatility = 0.006;

const persistence = 0.985;
/** Standard deviation of the logarithm of the level. */
const spread = 0.35;

/** What all securities of a market share, each array over its sessions. */
export interface Climate {
  /** Volatility of the day, of everything and everyone: mean square 1, lognormal, persistent. */
  readonly level: Float64Array;
  /** Return of the market factor, mean 0. */
  readonly market: Float64Array;
  /** Return of each sector's factor beyond the market, mean 0. */
  readonly sectors: Readonly<Record<Sector, Float64Array>>;
  /** By planted factor: root of the sum of squared levels over the sessions it sums, NaN before they exist. */
  readonly norms: Readonly<Record<PlantedFactor, Float64Array>>;
}

/**
 * Draws the shared shocks. A longer market begins with those of a shorter one.
 *
 * @param count sessions
 */
export function drawClimate(seed: number, count: number): Climate {
  const level = drawLevel(new RandomStream(seed, "level"), count);
  const shocks = (label: string, volatility: number): Float64Array => {
    const out = new Float64Array(count);
    new RandomStream(seed, label).fillNormal(out);
    for (let at = 0; at < count; at++) out[at] = out[at]! * level[at]! * volatility;
    return out;
  };
  return {
    level,
    market: shocks("market", marketVolatility),
    sectors: byKey(sectors, (sector) => shocks(`sector/${sector}`, sectorVolatility)),
    norms: byKey(
      plants.map(({ name }) => name),
      (name) =>
        norms(
          level,
          plants.find((plant) => plant.name === name)!,
        ),
    ),
  };
}

function byKey<Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;
}

/** A stationary AR(1) in the logarithm. */
function drawLevel(stream: RandomStream, count: number): Float64Array {
  const out = new Float64Array(count);
  const innovation = Math.sqrt(1 - persistence * persistence);
  let state = stream.normal();
  for (let at = 0; at < count; at++) {
    out[at] = Math.exp(spread * state - spread * spread);
    state = persistence * state + innovation * stream.normal();
  }
  return out;
}

function norms(level: Float64Array, window: { nearest: number; farthest: number }): Float64Array {
  const out = new Float64Array(level.length).fill(NaN);
  let sum = 0;
  for (let at = 0; at + window.nearest < level.length; at++) {
    sum += level[at]! ** 2;
    const leaving = at + window.nearest - window.farthest - 1;
    if (leaving >= 0) sum -= level[leaving]! ** 2;
    if (leaving >= -1) out[at + window.nearest] = Math.sqrt(sum);
  }
  return out;
}
