import { defineFactor } from "../define.ts";

/** How many times the year's sales emptied the stock. */
export const inventory_turnover = defineFactor({
  name: "inventory_turnover",
  version: 1,
  title: "Inventory turnover",
  formula: "cost of revenue of twelve months / mean inventory of now and a year ago",
  reference:
    "Alan, Gao & Gaur (2014), Does Inventory Productivity Predict Future Stock Returns?, Management Science 60",
  sign: 1,
  lookback: 0,
  inputs: ["cost_of_revenue_ttm", "inventory", "inventory_year_ago"],
  compute({ cost_of_revenue_ttm, inventory, inventory_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const mean = (inventory[t]! + inventory_year_ago[t]!) / 2;
      if (mean > 0) out[t] = cost_of_revenue_ttm[t]! / mean;
    }
  },
});
