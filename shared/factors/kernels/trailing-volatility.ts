import { centeredSquares } from "./centered-squares.ts";
import { requiredObservations } from "./coverage.ts";
import { product } from "./product.ts";
import { trailingSums } from "./trailing-sum.ts";

/**
 * Sample standard deviation (ddof 1) of `returns[t - window + 1 .. t]` for every t, per session, not
 * annualised; exactly 0 when they are all the same, NaN when fewer than `requiredObservations(window)` are
 * there.
 *
 * @param returns any length, NaN where missing
 * @param window sessions, 3 or more
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function trailingVolatility(
  returns: Float64Array,
  window: number,
  epoch: number,
): Float64Array {
  const { sums, counts } = trailingSums(returns, window, epoch);
  const squares = trailingSums(product(returns, returns), window, epoch).sums;
  const required = requiredObservations(window);
  const volatilities = new Float64Array(returns.length).fill(NaN);
  for (let at = window - 1; at < returns.length; at++) {
    const count = counts[at]!;
    if (count < required) continue;
    const variance = centeredSquares(squares[at]!, sums[at]!, count) / (count - 1);
    volatilities[at] = Math.sqrt(variance);
  }
  return volatilities;
}
