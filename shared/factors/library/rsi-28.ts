import { defineFactor } from "../define.ts";
import { relativeStrengthIndex } from "../kernels/relative-strength-index.ts";

/**
 * Relative strength index over 28 changes, twice Wilder's length, so half as restless. Over 70 counts as
 * overbought, hence the sign. The recursive averages begin at the security's first bar or 250 sessions back,
 * whichever is later.
 */
export const rsi_28 = defineFactor({
  name: "rsi_28",
  version: 1,
  title: "Relative strength index, 28 sessions",
  formula:
    "100 * G / (G + L), G and L Wilder's averages of rises and falls of the close adjusted " +
    "for splits: A = (27 * A + change) / 28, seeded by the mean of the first 28 of the " +
    "last 250 changes",
  reference: "Wilder (1978), New Concepts in Technical Trading Systems",
  sign: -1,
  lookback: 250,
  inputs: ["price"],
  compute({ price }, { from, to, epoch }, out) {
    out.set(relativeStrengthIndex(price, 28, 250, epoch).subarray(from, to), from);
  },
});
