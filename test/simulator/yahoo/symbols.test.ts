import assert from "node:assert/strict";
import { sessionCloseMs, sessionOpenMs } from "../../../shared/market/calendar.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { Symbols } from "../../../shared/simulator/yahoo/symbols.ts";
import { day } from "../days.ts";

const { listings } = simulateMarket({
  seed: 1,
  securities: 4,
  from: day("2010-01-04"),
  to: day("2019-12-31"),
});
const [a, , first, second] = listings;
const noon = (text: string): number => sessionOpenMs(day(text)) + 2.5 * 3_600_000;

describe("Symbols", () => {
  it("knows only the latest owner of a reused ticker", () => {
    const symbols = new Symbols(listings, false);
    assert.equal(symbols.find("WLAF", noon("2011-06-01")), first);
    assert.equal(symbols.find("WLAF", noon("2014-06-02")), first);
    assert.equal(symbols.find("WLAF", sessionOpenMs(second!.firstDay) - 1), first);
    assert.equal(symbols.find("WLAF", sessionOpenMs(second!.firstDay)), second);
  });

  it("forgets a delisted symbol with its last close, when told to", () => {
    const symbols = new Symbols(listings, true);
    const close = sessionCloseMs(first!.delisting!.lastDay);
    assert.equal(symbols.find("WLAF", close - 1), first);
    assert.equal(symbols.find("WLAF", close), undefined);
    assert.equal(symbols.find("WLAF", noon("2016-01-04")), second);
  });

  it("takes a share class with dash or dot, and any case", () => {
    const symbols = new Symbols(listings, false);
    for (const symbol of ["OKSK-A", "OKSK.A", "oksk-a"]) {
      assert.equal(symbols.find(symbol, noon("2011-06-01")), a);
    }
    assert.equal(symbols.find("OKSK", noon("2011-06-01")), undefined);
    assert.equal(symbols.find("OKSK-A", noon("2009-06-01")), undefined);
  });
});
