import assert from "node:assert/strict";
import { hasBegun, tradingPeriods } from "../../../shared/simulator/yahoo/trading-period.ts";

describe("tradingPeriods", () => {
  it("gives the periods of Yahoo's recordings", () => {
    const winter = { timezone: "EST", gmtoffset: -18000 };
    assert.deepEqual(tradingPeriods(1740148200, 1740171600), {
      pre: { ...winter, start: 1740128400, end: 1740148200 },
      regular: { ...winter, start: 1740148200, end: 1740171600 },
      post: { ...winter, start: 1740171600, end: 1740186000 },
    });
    const summer = tradingPeriods(1761744600, 1761768000);
    assert.deepEqual(summer.pre, {
      timezone: "EDT",
      start: 1761724800,
      end: 1761744600,
      gmtoffset: -14400,
    });
  });

  it("begin at 04:00 in New York", () => {
    assert.equal(hasBegun(1740148200, 1740128400), true);
    assert.equal(hasBegun(1740148200, 1740128399), false);
  });
});
