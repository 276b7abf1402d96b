import assert from "node:assert/strict";
import {
  inSessions,
  listOf,
  perHorizon,
  primaryHorizon,
} from "../../../shared/evaluation/tear-sheet/horizons.ts";

describe("horizons", () => {
  it("stand on 5 where it is there, else on the middle one, the shorter of two", () => {
    assert.equal(primaryHorizon([1, 5, 10, 21]), 5);
    assert.equal(primaryHorizon([1, 10, 21]), 10);
    assert.equal(primaryHorizon([1, 3, 10, 21]), 3);
    assert.equal(primaryHorizon([21]), 21);
  });

  it("are listed as in a sentence", () => {
    assert.deepEqual([[], [1], [1, 5], [1, 5, 21]].map(listOf), [
      "",
      "1",
      "1 and 5",
      "1, 5 and 21",
    ]);
    assert.deepEqual([[1], [5], [1, 5]].map(inSessions), [
      "1 session",
      "5 sessions",
      "1 and 5 sessions",
    ]);
  });

  it("hide every part of the page but the primary one", () => {
    const parts = perHorizon([1, 5], 5, "span", (horizon) => `over ${horizon}`);
    assert.deepEqual(
      parts.map((part) => [
        / hidden/.test(part.toString()),
        />over (\d)</.exec(part.toString())?.[1],
      ]),
      [
        [true, "1"],
        [false, "5"],
      ],
    );
  });
});
