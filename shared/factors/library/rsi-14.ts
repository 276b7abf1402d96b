import { defineFactor } from "../define.ts";
import { relativeStrengthIndex } from "../kernels/relative-strength-index.ts";

/**
 * Relative strength index over 14 changes, Wilder's own length. Over 70 counts as overbought, hence the sign.
 * The recursive averages begin at the security's first bar or 250 sessions back, whichever is later.
 */
export const rsi_14 = defineFactor({
  name: "rsi_14",
  version: 1,
  title: "Relative strength index, 14 sessions",
  formula:
    "100 * G / (G + L), G and L Wilder's averages of rises and falls of the close adjusted " +
    "for splits: A = (13 * A + change) / 14, seeded by the mean of the first 14 of the " +
    "last 250 changes",
  reference: "Wilder (1978), New Concepts in Technical Trading Systems",
  sign: -1,
  lookback: 250,
  inputs: ["price"],
  compute({ price }, { from, to, epoch }, out) {
    out.set(relativeStrengthIndex(price, 14, 250, epoch).subarray(from, to), from);
  },
});
