import { forwardFactors, type CorporateAction } from "../market/adjustment.ts";
import type { SecurityBars } from "../warehouse/prices/read-bars.ts";
import type { PriceInputs } from "./define.ts";

/** The sessions a computation works on, oldest first. */
export interface Axis {
  /** Days since 1970. */
  readonly days: Uint16Array;
  /** Number of the first session, counted from the calendar's first. */
  readonly epoch: number;
  /** Position of each day since 1970, -1 where it is none of the sessions. */
  readonly positionOf: Int32Array;
}

/** Lays out an axis over consecutive sessions. */
export function axisOf(days: Uint16Array, epoch: number): Axis {
  const positionOf = new Int32Array(65_536).fill(-1);
  for (const [position, day] of days.entries()) positionOf[day] = position;
  return { days, epoch, positionOf };
}

/**
 * One security's bars on the axis: forward adjusted from its very first bar, whatever the axis begins with, so that two
 * axes that overlap agree to the last bit.
 *
 * @param bars all bars up to the end of the axis
 * @param actions empty for prices that come adjusted
 * @param market_return by session of the axis
 */
export function inputsOf(
  bars: SecurityBars,
  actions: readonly CorporateAction[],
  axis: Axis,
  market_return: Float64Array,
): PriceInputs {
  const { split, totalReturn } = forwardFactors({ days: bars.days, closes: bars.close }, actions);
  const column = (): Float64Array => new Float64Array(axis.days.length).fill(NaN);
  const inputs: Record<keyof PriceInputs, Float64Array> = {
    open: column(),
    high: column(),
    low: column(),
    price: column(),
    total_return: column(),
    daily_return: new Float64Array(),
    volume: column(),
    dollar_volume: column(),
    market_return,
  };
  for (let bar = 0; bar < bars.days.length; bar++) {
    const at = axis.positionOf[bars.days[bar]!]!;
    if (at < 0) continue;
    const close = bars.close[bar]!;
    const adjusted = split[bar]!;
    inputs.open[at] = bars.open[bar]! * adjusted;
    inputs.high[at] = bars.high[bar]! * adjusted;
    inputs.low[at] = bars.low[bar]! * adjusted;
    inputs.price[at] = close * adjusted;
    inputs.total_return[at] = close * totalReturn[bar]!;
    inputs.volume[at] = bars.volume[bar]! / adjusted;
    inputs.dollar_volume[at] = bars.volume[bar]! * close;
  }
  inputs.daily_return = changes(inputs.total_return);
  return inputs;
}

/** Total return of each session of the axis since the one before, as `inputsOf` has it in `daily_return`. */
export function returnsOf(
  bars: SecurityBars,
  actions: readonly CorporateAction[],
  axis: Axis,
): Float64Array {
  const { totalReturn } = forwardFactors({ days: bars.days, closes: bars.close }, actions);
  const levels = new Float64Array(axis.days.length).fill(NaN);
  for (let bar = 0; bar < bars.days.length; bar++) {
    const at = axis.positionOf[bars.days[bar]!]!;
    if (at >= 0) levels[at] = bars.close[bar]! * totalReturn[bar]!;
  }
  return changes(levels);
}

function changes(levels: Float64Array): Float64Array {
  const returns = new Float64Array(levels.length).fill(NaN);
  for (let at = 1; at < levels.length; at++) returns[at] = levels[at]! / levels[at - 1]! - 1;
  return returns;
}
