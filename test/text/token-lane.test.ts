import assert from "node:assert/strict";
import { openLog } from "../../shared/log.ts";
import { TokenLane } from "../../shared/text/token-lane.ts";
import { noSignal } from "../support/job-deps.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const perMinute = 6000;

describe("a lane of tokens", () => {
  /** Starts questions of so many tokens, which take fewer in truth; when each began, in seconds. */
  async function starts(
    asked: readonly number[],
    taken: (tokens: number) => number,
  ): Promise<number[]> {
    const clock = new VirtualClock();
    const lane = new TokenLane(perMinute, {
      name: "a model",
      ratePerSecond: 1000,
      concurrency: 100,
      attempts: 1,
      breakAfter: 5,
      log: openLog("silent"),
      clock,
    });
    const beganMs = clock.now();
    const began: number[] = [];
    await clock.run(
      Promise.all(
        asked.map((tokens) =>
          lane.run(
            tokens,
            () => {
              began.push((clock.now() - beganMs) / 1000);
              return Promise.resolve(tokens);
            },
            taken,
            noSignal,
          ),
        ),
      ),
    );
    return began;
  }

  it("keeps to its tokens a minute, beginning with half of them", async () => {
    // 3000 at once, then 1000 each ten seconds.
    const began = await starts(Array<number>(6).fill(1000), (tokens) => tokens);
    for (const [at, seconds] of [0, 0, 0, 10, 20, 30].entries()) {
      assert.ok(Math.abs(began[at]! - seconds) < 0.1, JSON.stringify(began));
    }
  });

  it("gives back what a question did not take", async () => {
    const began = await starts(Array<number>(6).fill(1000), () => 100);
    assert.ok(began.at(-1)! < 1, JSON.stringify(began));
  });

  it("lets a question through that is larger than the bucket, and waits for it afterwards", async () => {
    const began = await starts([9000, 1000], (tokens) => tokens);
    // 30 s to a full bucket; then 3000 owed and 1000 more to come.
    assert.ok(
      Math.abs(began[0]! - 30) < 0.1 && Math.abs(began[1]! - 70) < 0.1,
      JSON.stringify(began),
    );
  });
});
