import assert from "node:assert/strict";
import { piotroski_f } from "../../../shared/factors/library/piotroski-f.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("piotroski_f", () => {
  // ROA 20/220 > 10/200; cash flow 25 > 20; debt 40/220 < 50/200; current ratio 2.2 > 1.5; 100 shares as before;
  // margin 66/180 = 0.367 > 54/150 = 0.36; turnover 180/220 = 0.818 > 150/200 = 0.75: nine points.
  it("counts nine where all got better", () => {
    assertClose(
      atOneSession(piotroski_f, {
        net_income_ttm: 20,
        net_income_ttm_year_ago: 10,
        operating_cash_flow_ttm: 25,
        assets: 220,
        assets_year_ago: 200,
        long_term_debt: 40,
        long_term_debt_year_ago: 50,
        current_assets: 110,
        current_assets_year_ago: 90,
        current_liabilities: 50,
        current_liabilities_year_ago: 60,
        shares_basic_annual: 100,
        shares_basic_annual_year_ago: 100,
        gross_profit_ttm: 66,
        gross_profit_ttm_year_ago: 54,
        revenue_ttm: 180,
        revenue_ttm_year_ago: 150,
      }),
      9,
    );
  });

  // A loss of 20 after 10 earned, cash flow -25: lost are ROA > 0, cash flow > 0, ROA up, and cash flow > income;
  // left are five.
  it("counts those that did", () => {
    assertClose(
      atOneSession(piotroski_f, {
        net_income_ttm: -20,
        net_income_ttm_year_ago: 10,
        operating_cash_flow_ttm: -25,
        assets: 220,
        assets_year_ago: 200,
        long_term_debt: 40,
        long_term_debt_year_ago: 50,
        current_assets: 110,
        current_assets_year_ago: 90,
        current_liabilities: 50,
        current_liabilities_year_ago: 60,
        shares_basic_annual: 100,
        shares_basic_annual_year_ago: 100,
        gross_profit_ttm: 66,
        gross_profit_ttm_year_ago: 54,
        revenue_ttm: 180,
        revenue_ttm_year_ago: 150,
      }),
      5,
    );
  });

  it("has no value where one can't be told", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(piotroski_f, {
          net_income_ttm: 20,
          net_income_ttm_year_ago: 10,
          operating_cash_flow_ttm: 25,
          assets: 220,
          assets_year_ago: 200,
          long_term_debt: 40,
          long_term_debt_year_ago: 50,
          current_assets: 110,
          current_assets_year_ago: 90,
          current_liabilities: 50,
          current_liabilities_year_ago: 60,
          shares_basic_annual: 100,
          shares_basic_annual_year_ago: 100,
          gross_profit_ttm: NaN,
          gross_profit_ttm_year_ago: 54,
          revenue_ttm: 180,
          revenue_ttm_year_ago: 150,
        }),
      ),
    );
  });
});
