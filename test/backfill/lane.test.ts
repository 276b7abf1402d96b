import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lane, LaneClosed, type LaneOptions } from "../../shared/backfill/lane.ts";
import { InvalidInput, SourceRejected, SourceUnavailable } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import { noSignal } from "../support/job-deps.ts";

function open(options: Partial<LaneOptions> = {}): Lane {
  return new Lane({
    name: "Tiny at http://tiny",
    ratePerSecond: 1000,
    concurrency: 8,
    attempts: 1,
    breakAfter: 5,
    log: openLog("silent"),
    ...options,
  });
}

/** A request that notes when it is asked, and fails a number of times. */
function requestThatFails(times: number, error = (): Error => new Error("down")) {
  const asked: number[] = [];
  const request = (): Promise<string> => {
    asked.push(performance.now());
    return asked.length <= times ? Promise.reject(error()) : Promise.resolve("answer");
  };
  return { asked, request };
}

const unavailable = (): Error => new SourceUnavailable("down");

/** The outcome of many requests: how many of each class, and how long it took. */
async function settled(
  count: number,
  run: () => Promise<unknown>,
): Promise<{ outcomes: Record<string, number>; tookMs: number }> {
  const before = performance.now();
  const results = await Promise.allSettled(Array.from({ length: count }, run));
  const outcomes: Record<string, number> = {};
  for (const result of results) {
    const name =
      result.status === "fulfilled" ? "answered" : (result.reason as Error).constructor.name;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  return { outcomes, tookMs: performance.now() - before };
}

/** A busy machine starts some requests late, which brings them nearer to the next. */
const early = 250;

describe("a lane", () => {
  // What waits for its rate takes seconds of the real clock; the waits are begun together.
  const waits = {
    rolling: async () => {
      const lane = open({ ratePerSecond: 20, concurrency: 4 });
      const asked: number[] = [];
      const ask = () => lane.run(() => Promise.resolve(asked.push(performance.now())), noSignal);
      // Half a second's worth, then more than two seconds' worth across the borders of seconds.
      const first = Array.from({ length: 10 }, ask);
      await sleep(600);
      await Promise.all([...first, ...Array.from({ length: 40 }, ask)]);
      return asked;
    },
    slow: async () => {
      const lane = open({ ratePerSecond: 0.8 });
      const asked: number[] = [];
      const ask = () => lane.run(() => Promise.resolve(asked.push(performance.now())), noSignal);
      await Promise.all([ask(), ask()]);
      return asked;
    },
    again: async () => {
      const { asked, request } = requestThatFails(1, unavailable);
      return { asked, answer: await open({ attempts: 3 }).run(request, noSignal) };
    },
    givenUp: async () => {
      const { asked, request } = requestThatFails(9, unavailable);
      const thrown = await open({ attempts: 2 })
        .run(request, noSignal)
        .catch((error: unknown) => error);
      return { asked, thrown };
    },
    told: async () => {
      const retryAfterMs = 1700;
      const { asked, request } = requestThatFails(
        1,
        () => new SourceUnavailable("slow down", { retryAfterMs }),
      );
      await open({ attempts: 2 }).run(request, noSignal);
      return asked;
    },
    down: async () => {
      const { asked, request } = requestThatFails(Infinity, unavailable);
      const lane = open({ ratePerSecond: 20, attempts: 2, breakAfter: 3 });
      return { asked, ...(await settled(300, () => lane.run(request, noSignal))) };
    },
  };
  type Waits = { [Name in keyof typeof waits]: ReturnType<(typeof waits)[Name]> };
  let begun: Waits;
  before(() => {
    begun = Object.fromEntries(
      Object.entries(waits).map(([name, begin]) => [name, begin()]),
    ) as Waits;
  });

  it("starts no more requests than its rate in any rolling second", async () => {
    const asked = await begun.rolling;
    assert.equal(asked.length, 50);
    for (let at = 20; at < asked.length; at++) {
      const spanMs = asked[at]! - asked[at - 20]!;
      assert.ok(spanMs >= 1000 - early, `21 requests within ${spanMs} ms`);
    }
  });

  it("keeps to less than one a second", async () => {
    const asked = await begun.slow;
    assert.ok(asked[1]! - asked[0]! >= 1250 - early);
  });

  it("asks again after a second when the source can't answer", async () => {
    const { asked, answer } = await begun.again;
    assert.equal(answer, "answer");
    assert.equal(asked.length, 2);
    assert.ok(asked[1]! - asked[0]! >= 1000 - early);
  });

  it("gives a request up after its attempts, with the source's own error", async () => {
    const { asked, thrown } = await begun.givenUp;
    assert.equal(asked.length, 2);
    assert.deepEqual(
      [(thrown as Error).constructor, (thrown as Error).message],
      [SourceUnavailable, "down"],
    );
  });

  it("waits at least as long as the source says", async () => {
    const asked = await begun.told;
    assert.ok(asked[1]! - asked[0]! >= 1700 - early);
  });

  it("closes to a source that is down after a few requests, not after all first attempts", async () => {
    const { asked, outcomes, tookMs } = await begun.down;
    // 20 in each of two seconds, and then second attempts, of which three are given up before the others are through.
    assert.ok(asked.length <= 60, `${asked.length} requests`);
    assert.ok(outcomes["SourceUnavailable"]! >= 3);
    assert.equal(outcomes["SourceUnavailable"]! + outcomes["LaneClosed"]!, 300);
    assert.ok(tookMs < 10_000, `${tookMs} ms for what would be 15 s at its rate`);
  });

  it("has no more requests under way than it may", async () => {
    const lane = open({ concurrency: 3 });
    let underWay = 0;
    let most = 0;
    const request = async (): Promise<void> => {
      most = Math.max(most, ++underWay);
      await sleep(5);
      underWay--;
    };
    await settled(20, () => lane.run(request, noSignal));
    assert.equal(most, 3);
  });

  it("asks once where asking again is no use", async () => {
    const useless = [
      () => new SourceRejected("refused"),
      () => new InvalidInput("wrong"),
      () => new TypeError("a mistake of ours"),
      () => new Error("not foreseen"),
    ];
    for (const error of useless) {
      const { asked, request } = requestThatFails(1, error);
      const expected = error();
      await assert.rejects(open({ attempts: 4 }).run(request, noSignal), {
        constructor: expected.constructor,
        message: expected.message,
      });
      assert.equal(asked.length, 1);
    }
  });
});

describe("a lane's breaker", () => {
  it("closes after so many requests in a row, asks no more, and names the lane", async () => {
    const lane = open({ breakAfter: 3 });
    const { asked, request } = requestThatFails(Infinity, unavailable);
    for (let at = 0; at < 3; at++) {
      await assert.rejects(lane.run(request, noSignal), { constructor: SourceUnavailable });
    }
    for (let at = 0; at < 2; at++) {
      await assert.rejects(lane.run(request, noSignal), {
        constructor: LaneClosed,
        message:
          "The lane to Tiny at http://tiny is closed: 3 requests in a row were not answered. Try again later.",
      });
    }
    assert.equal(asked.length, 3);
  });

  it("slows down where it is forbidden to ask, recovers by answers, and closes at the third refusal in a row", async () => {
    // Time is real, and the pauses after a failure are none.
    const clock = { now: () => performance.now(), sleep: () => sleep(1) };
    const lane = open({ attempts: 3, clock });
    const forbidden = (): Error => new SourceUnavailable("No (HTTP 403)", { forbidden: true });
    const twice = requestThatFails(2, forbidden);
    assert.equal(await lane.run(twice.request, noSignal), "answer");
    const slowed = lane.ratePerSecond;
    assert.ok(slowed < 1000);
    for (let at = 0; at < 200; at++) await lane.run(() => Promise.resolve(""), noSignal);
    assert.ok(lane.ratePerSecond > slowed);
    const thrice = requestThatFails(9, forbidden);
    await assert.rejects(lane.run(thrice.request, noSignal), SourceUnavailable);
    assert.equal(thrice.asked.length, 3);
    await assert.rejects(
      lane.run(() => Promise.resolve(""), noSignal),
      {
        constructor: LaneClosed,
        message: /^The lane to Tiny at .* is closed: No \(HTTP 403\)\. Try again later/,
      },
    );
  });

  it("forgets failures with an answer, and counts no refusal", async () => {
    const lane = open({ breakAfter: 2 });
    const fail = (error: () => Error) => lane.run(requestThatFails(1, error).request, noSignal);
    const answer = () => lane.run(requestThatFails(0).request, noSignal);
    for (let round = 0; round < 3; round++) {
      await assert.rejects(fail(unavailable), SourceUnavailable);
      await assert.rejects(
        fail(() => new SourceRejected("refused")),
        SourceRejected,
      );
      assert.equal(await answer(), "answer");
    }
  });

  it("lets those go at once that wait for their turn", async () => {
    const lane = open({ ratePerSecond: 4, breakAfter: 3 });
    const { asked, request } = requestThatFails(Infinity, unavailable);
    const { outcomes, tookMs } = await settled(200, () => lane.run(request, noSignal));
    assert.deepEqual(outcomes, { SourceUnavailable: asked.length, LaneClosed: 200 - asked.length });
    assert.ok(asked.length <= 4);
    assert.ok(tookMs < 25_000, `${tookMs} ms for what would be 50 s at its rate`);
  });

  it("is no answer: whoever catches SourceUnavailable catches it", () => {
    assert.ok(new LaneClosed("closed") instanceof SourceUnavailable);
    assert.equal(new LaneClosed("closed").exitCode, 75);
  });
});

describe("a lane that is told to stop", () => {
  const reason = new Error("stopped");

  it("lets all go at once, with the reason: those that wait, and those under way", async () => {
    const stop = new AbortController();
    const lane = open({ ratePerSecond: 200, concurrency: 4 });
    let asked = 0;
    const request = (): Promise<void> => {
      asked++;
      return sleep(60_000, undefined, { signal: stop.signal });
    };
    // A lane asks one at a time until it had a reply.
    await lane.run(() => Promise.resolve(), stop.signal);
    setTimeout(() => {
      stop.abort(reason);
    }, 50);
    const before = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => lane.run(request, stop.signal)),
    );
    assert.ok(performance.now() - before < 25_000);
    assert.equal(asked, 4);
    assert.ok(results.every((result) => result.status === "rejected" && result.reason === reason));
  });

  it("waits out neither a pause of its own nor one that the source asked for", async () => {
    for (const retryAfterMs of [undefined, 60_000]) {
      const stop = new AbortController();
      const { request } = requestThatFails(
        9,
        () => new SourceUnavailable("down", { retryAfterMs }),
      );
      setTimeout(() => {
        stop.abort(reason);
      }, 30);
      const before = performance.now();
      await assert.rejects(open({ attempts: 5 }).run(request, stop.signal), reason);
      assert.ok(performance.now() - before < 10_000);
    }
  });

  it("asks nothing when it was told before", async () => {
    const { asked, request } = requestThatFails(0);
    await assert.rejects(open().run(request, AbortSignal.abort(reason)), reason);
    assert.equal(asked.length, 0);
  });
});
