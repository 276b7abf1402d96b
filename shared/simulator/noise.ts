import { RandomStream } from "./random.ts";

/** What noise is made of. */
export interface NoiseOptions {
  readonly seed: number;
  readonly days: number;
  readonly assets: number;
  /** Autocorrelation from one day to the next, -1 < rho < 1. */
  readonly rho: number;
  /** Tells several noises of one seed apart; default "noise". */
  readonly label?: string;
}

/**
 * Fills a row-major (days x assets) table with standard normal noise, independent over assets and AR(1) over the days of
 * each, stationary from the first day on. More days leave the first ones as they are.
 *
 * @param out receives `days * assets` values, asset a of day d at `d * assets + a`
 */
export function fillNoise(out: Float64Array, options: NoiseOptions): void {
  const { seed, days, assets, rho, label = "noise" } = options;
  const size = days * assets;
  new RandomStream(seed, label).fillNormal(out, 0, size);
  const innovation = Math.sqrt(1 - rho * rho);
  for (let at = assets; at < size; at++) {
    out[at] = rho * out[at - assets]! + innovation * out[at]!;
  }
}
