import assert from "node:assert/strict";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { day } from "./days.ts";

describe("universeCsv", () => {
  it("has a line a listing, both owners of a reused ticker, and an open end while it trades", () => {
    const market = simulateMarket({
      seed: 1,
      securities: 4,
      from: day("2010-01-04"),
      to: day("2019-12-31"),
    });
    assert.equal(
      universeCsv(market),
      `ticker,start,end,name,group,issuer,delisting_return
OKSK.A,2010-01-04,,Bartabury Aerospace,Industrials,9900000000,
OKSK.B,2010-01-04,,Bartabury Aerospace,Industrials,9900000000,
WLAF,2010-01-04,2013-01-02,Keslifield Bank,Financials,9900000002,-0.7341878045001067
WLAF,2015-12-31,,Alberford Health,Health Care,9900000003,
`,
    );
  });
});
