import { defineFactor } from "../define.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { trailingMaxima } from "../kernels/trailing-max.ts";

/** MAX, the best day of the past month: what a stock promises those who buy lottery tickets. */
export const max_21 = defineFactor({
  name: "max_21",
  version: 1,
  title: "Maximum daily return, 21 sessions",
  formula: "max(r[t-20 .. t]), r the daily total return",
  reference:
    "Bali, Cakici & Whitelaw (2011), Maxing Out: Stocks as Lotteries and the Cross-Section " +
    "of Expected Returns, Journal of Financial Economics 99",
  sign: -1,
  lookback: 20,
  inputs: ["daily_return"],
  compute({ daily_return }, { from, to }, out) {
    const { maxima, counts } = trailingMaxima(daily_return, 21);
    const required = requiredObservations(21);
    for (let t = from; t < to; t++) {
      if (counts[t]! >= required) out[t] = maxima[t]!;
    }
  },
});
