import assert from "node:assert/strict";
import { requiredObservations } from "../../../shared/factors/kernels/coverage.ts";

describe("requiredObservations", () => {
  it("is 80 % of the window, rounded up", () => {
    const windows = [1, 2, 5, 20, 21, 231, 252, 756];
    assert.deepEqual(windows.map(requiredObservations), [1, 2, 4, 16, 17, 185, 202, 605]);
  });
});
