import { defineFactor } from "../define.ts";

/**
 * Nine signs that a company's books got better, one point each. A company of which one of them can't be told has no score. Assets
 * are those of the end of the period, as those of two years ago are not always told.
 */
export const piotroski_f = defineFactor({
  name: "piotroski_f",
  version: 1,
  title: "Piotroski F-score",
  formula:
    "one point each: ROA > 0; cash flow from operations > 0; ROA up; cash flow > net income; long-term debt / assets down; " +
    "current ratio up; no more shares than the year before; gross margin up; revenue / assets up",
  reference:
    "Piotroski (2000), Value Investing: The Use of Historical Financial Statement Information to Separate Winners from " +
    "Losers, Journal of Accounting Research 38",
  sign: 1,
  lookback: 0,
  inputs: [
    "net_income_ttm",
    "net_income_ttm_year_ago",
    "operating_cash_flow_ttm",
    "assets",
    "assets_year_ago",
    "long_term_debt",
    "long_term_debt_year_ago",
    "current_assets",
    "current_assets_year_ago",
    "current_liabilities",
    "current_liabilities_year_ago",
    "shares_basic_annual",
    "shares_basic_annual_year_ago",
    "gross_profit_ttm",
    "gross_profit_ttm_year_ago",
    "revenue_ttm",
    "revenue_ttm_year_ago",
  ],
  compute(books, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const assets = books.assets[t]!;
      const assetsBefore = books.assets_year_ago[t]!;
      const income = books.net_income_ttm[t]!;
      const cashFlow = books.operating_cash_flow_ttm[t]!;
      const ratio = (above: Float64Array, below: Float64Array): number => above[t]! / below[t]!;
      const changes = [
        income / assets - books.net_income_ttm_year_ago[t]! / assetsBefore,
        books.long_term_debt_year_ago[t]! / assetsBefore - books.long_term_debt[t]! / assets,
        ratio(books.current_assets, books.current_liabilities) -
          ratio(books.current_assets_year_ago, books.current_liabilities_year_ago),
        ratio(books.gross_profit_ttm, books.revenue_ttm) -
          ratio(books.gross_profit_ttm_year_ago, books.revenue_ttm_year_ago),
        books.revenue_ttm[t]! / assets - books.revenue_ttm_year_ago[t]! / assetsBefore,
      ];
      const issued = books.shares_basic_annual[t]! - books.shares_basic_annual_year_ago[t]!;
      const told = [income, cashFlow, issued, ...changes];
      if (told.some((value) => !Number.isFinite(value))) continue;
      const signs = [income > 0, cashFlow > 0, cashFlow > income, issued <= 0];
      out[t] = [...signs, ...changes.map((change) => change > 0)].filter(Boolean).length;
    }
  },
});
