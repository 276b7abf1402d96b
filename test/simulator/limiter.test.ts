import assert from "node:assert/strict";
import { Limiter } from "../../shared/simulator/limiter.ts";

/** What a limiter says at instants, as a string of + and -. */
function admitted(limiter: Limiter, instantsMs: readonly number[]): string {
  return instantsMs.map((ms) => (limiter.admit(ms) ? "+" : "-")).join("");
}

describe("Limiter", () => {
  it("admits so many in any rolling second, and forgets refused ones", () => {
    const limiter = new Limiter({ perSecond: 3 });
    assert.equal(
      admitted(limiter, [0, 400, 800, 900, 999, 1000, 1001, 1399, 1400, 1401]),
      "+++--+--+-",
    );
  });

  it("refuses a limit of nothing", () => {
    assert.throws(() => new Limiter({ perSecond: 0 }), /perSecond: expected a whole number from 1/);
  });

  it("bans for a time after one too many", () => {
    const limiter = new Limiter({ perSecond: 2, banMs: 5000 });
    assert.equal(admitted(limiter, [0, 1, 2, 1500, 5001, 5002, 5003, 5004]), "++---++-");
  });
});
