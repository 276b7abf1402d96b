import assert from "node:assert/strict";
import { openTerminal, withoutControls } from "../../jobs/terminal.ts";
import { minuteMs, secondMs } from "../../shared/units.ts";

describe("progress where there is no terminal", () => {
  let lines: string[];
  let nowMs: number;
  const { now } = Date;
  const write = process.stderr.write.bind(process.stderr);
  const { isTTY } = process.stderr;

  beforeEach(() => {
    lines = [];
    nowMs = 0;
    Date.now = () => nowMs;
    process.stderr.isTTY = false;
    process.stderr.write = (text: string | Uint8Array) => lines.push(String(text).trim()) > 0;
  });
  afterEach(() => {
    Date.now = now;
    process.stderr.write = write;
    process.stderr.isTTY = isTTY;
  });

  it("says a line a minute with what is done, failed, the rate and the time to go", () => {
    const task = openTerminal(false).progress.start("fetch prices", 100);
    for (let second = 1; second <= 150; second++) {
      nowMs = second * secondMs;
      if (second % 10 === 0) task.advance();
      task.note("2 failed, 0.1 requests/s at yahoo");
    }
    assert.deepEqual(lines, [
      "fetch prices: 6 of 100, 15 min 40 s to go, 2 failed, 0.1 requests/s at yahoo",
      "fetch prices: 12 of 100, 14 min 40 s to go, 2 failed, 0.1 requests/s at yahoo",
    ]);
  });

  it("speaks once a minute while nothing moves", () => {
    const task = openTerminal(false).progress.start("fetch prices", 4);
    for (nowMs = 0; nowMs <= 2 * minuteMs; nowMs += secondMs) task.note("4 failed");
    assert.deepEqual(lines, ["fetch prices: 0 of 4, 4 failed", "fetch prices: 0 of 4, 4 failed"]);
  });

  it("says nothing more of what is quick", () => {
    const task = openTerminal(false).progress.start("fetch prices", 2);
    task.advance();
    task.note("0 failed");
    task.advance();
    task.end();
    assert.equal(lines.at(-1), "fetch prices: 2 done in 0 ms");
    assert.ok(lines.every((line) => !line.includes("failed")));
  });
});

describe("what a text says to a terminal", () => {
  it("does not move its cursor, colour it, or ring it", () => {
    assert.equal(
      withoutControls("Sales \u001b[31mrose\u001b[0m\u0007\r\n\ttwice \u009b2Kand\u0000 more"),
      "Sales [31mrose[0m\n\ttwice 2Kand more",
    );
  });
});
