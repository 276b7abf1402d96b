import assert from "node:assert/strict";
import { peakPerSecond, type LoggedRequest } from "../../shared/simulator/request-log.ts";

const at = (atMs: number): LoggedRequest => ({
  atMs,
  method: "GET",
  path: "/",
  subject: "",
  status: 200,
  fault: undefined,
});

describe("peakPerSecond", () => {
  it("counts the fullest rolling second, whose end is outside", () => {
    assert.equal(peakPerSecond([0, 900, 950, 1000, 1899, 1900, 3000].map(at)), 4);
    assert.equal(peakPerSecond([]), 0);
  });
});
