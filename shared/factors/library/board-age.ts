import { defineFactor } from "../define.ts";

/** Mean age of the directors. */
export const board_age = defineFactor({
  name: "board_age",
  version: 1,
  title: "Age of the board",
  formula: "mean age of the directors in the last proxy statement, years",
  reference:
    "Masulis, Wang, Xie and Zhang (2020), Directors: Older and Wiser, or Too Old to Govern?, ECGI working paper 584",
  sign: -1,
  lookback: 0,
  inputs: ["text_board_age"],
  compute({ text_board_age: value }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = value[t]!;
  },
});
