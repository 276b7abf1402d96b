import { defineFactor } from "../define.ts";

/** How much the balance sheet grew in a year. */
export const asset_growth = defineFactor({
  name: "asset_growth",
  version: 1,
  title: "Asset growth",
  formula: "assets / assets a year ago - 1",
  reference:
    "Cooper, Gulen & Schill (2008), Asset Growth and the Cross-Section of Stock Returns, Journal of Finance 63",
  sign: -1,
  lookback: 0,
  inputs: ["assets", "assets_year_ago"],
  compute({ assets, assets_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = assets[t]! / assets_year_ago[t]! - 1;
    }
  },
});
