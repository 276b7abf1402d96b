import assert from "node:assert/strict";
import { failureOf, type BackfillReport } from "../../../jobs/backfill-prices/job.ts";
import { receiptsOf } from "../../../shared/backfill/receipt.ts";
import { Failed, SourceRejected, SourceUnavailable } from "../../../shared/errors.ts";
import { sessionCloseMs } from "../../../shared/market/calendar.ts";
import type { Loopback } from "../../../shared/simulator/loopback.ts";
import type { LineFault } from "../../../shared/simulator/reply.ts";
import {
  serverError,
  textBody,
  throttled,
  type YahooFault,
} from "../../../shared/simulator/yahoo/faults.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import {
  dividend,
  historyOf,
  sessions,
  split,
  tinyMarket,
} from "../../simulator/yahoo/tiny-market.ts";
import { barLines } from "../../support/bars.ts";
import { jobDeps } from "../../support/job-deps.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";
import { backfill } from "./backfill.ts";

const page = (status: number): LineFault => ({
  kind: "reply",
  reply: { status, contentType: "text/html", body: "<html>no</html>" },
});
const json = (status: number, body: unknown): LineFault => ({
  kind: "reply",
  reply: { status, contentType: "application/json", body: JSON.stringify(body) },
});
const error = (status: number, code: string, description: string): LineFault =>
  json(status, { chart: { result: null, error: { code, description } } });

/** What each failure is called, and whether it is worth another try. */
const failures: readonly (readonly [
  what: string,
  fault: LineFault | YahooFault,
  reason: string,
  message: RegExp,
  worth: "worth another" | "not worth another",
])[] = [
  ["throttling", throttled, "unavailable", /throttles us \(HTTP 429\)/, "worth another"],
  [
    "throttling in words",
    textBody("Too Many Requests"),
    "unavailable",
    /throttles us \(HTTP 200\)/,
    "worth another",
  ],
  ["a server error", serverError(503), "unavailable", /fails \(HTTP 503\)/, "worth another"],
  ["a page", textBody("<html>Oops</html>"), "unavailable", /no JSON/, "worth another"],
  ["a cut line", { kind: "cut" }, "unavailable", /does not answer/, "worth another"],
  ["silence", { kind: "stall" }, "unavailable", /does not answer/, "worth another"],
  ["no rows", { kind: "empty" }, "empty_reply", /without a row/, "worth another"],
  [
    "a history cut short",
    { kind: "truncated", lastDay: sessions[4]! },
    "events_incomplete",
    /ends on 2024-03-08, .* up to 2024-03-12/,
    "not worth another",
  ],
  [
    "a split applied twice",
    { kind: "split-twice" },
    "split_suspect",
    /2024-03-07 \(2:1\) was applied twice/,
    "not worth another",
  ],
  [
    "an unknown symbol",
    error(404, "Not Found", "No data found, symbol may be delisted"),
    "no_data",
    /Not Found: No data found/,
    "not worth another",
  ],
  [
    "a symbol without data since then",
    error(400, "Bad Request", "Data doesn't exist for startDate = 1, endDate = 2"),
    "no_data",
    /Data doesn't exist/,
    "not worth another",
  ],
  [
    "an error inside a reply",
    error(200, "Internal", "oops"),
    "vendor_error",
    /Internal: oops/,
    "not worth another",
  ],
  [
    "another format",
    json(200, { chart: { result: [{}] } }),
    "malformed",
    /expected the v8 chart format/,
    "not worth another",
  ],
];

/** Seven sessions: 2 for 1 on the fourth, 0.40 paid on the sixth. */
const tiny = tinyMarket(
  historyOf([80, 82, 84, 42, 43, 44, 45], { splits: [split(3)], dividends: [dividend(5, 0.4)] }),
);
const opens = [79, 81, 83, 41, 42, 43, 44];
/** Such a security for each failure, by the failure's name, and two more. */
const names = [...failures.map(([what]) => what), "empty rows", "refused"].map((what) =>
  what.toUpperCase().replaceAll(" ", "_"),
);
const market = {
  ...tiny,
  listings: names.map((ticker, id) => ({ ...tiny.listings[0]!, id, ticker })),
};
const nowMs = sessionCloseMs(sessions[6]!) + 3_600_000;
const request = { from: "2024-03-01", to: sessions[6]!, nowMs };

describe("a backfill from a vendor that fails", () => {
  const warehouse = useWarehouse();
  const objects = () => jobDeps(warehouse(), nowMs).objects;
  const receipts = (ticker: string) => receiptsOf(objects(), "prices", "simulated", ticker);
  const failing = names.slice(0, failures.length);
  let yahoo: Loopback<YahooFault>;
  let first: BackfillReport;
  let firstBars: string[];
  let second: BackfillReport;
  let bars: string[];
  before(async () => {
    yahoo = await startYahoo(market, {
      failures: failures.map(([, fault], at) => ({ when: names[at]!, fault, times: 1 })),
    });
    const run = { ...request, universe: failing, url: yahoo.url, lane: { breakAfter: 99 } };
    first = await backfill(warehouse(), run);
    firstBars = await barLines(warehouse(), "simulated");
    second = await backfill(warehouse(), run);
    bars = await barLines(warehouse(), "simulated");
  });
  after(() => yahoo.close());

  for (const [at, [what, , reason, message, worth]] of failures.entries()) {
    it(`calls ${what} ${reason}, and ${worth} try`, async () => {
      const ticker = names[at]!;
      const failure = first.failed.find(({ key }) => key === ticker)!;
      assert.equal(failure.reason, reason);
      assert.match(failure.message, message);
      const outcome = failureOf({ ...first, failed: [failure] })!;
      assert.equal(outcome.constructor, worth === "worth another" ? SourceUnavailable : Failed);
      assert.ok(outcome.message.includes(`${ticker}: ${failure.message}`));
      const [failed, done] = await receipts(ticker);
      assert.deepEqual([failed!.state, failed!.reason, done!.state], ["failed", reason, "done"]);
      // The bytes of a reply are kept, whatever it is worth; of no reply there are none.
      assert.equal(failed!.capture === null, reason === "unavailable");
    });
  }

  it("stores nothing of a failure, and all of it when it is over", () => {
    assert.deepEqual([first.fetched, first.admission, firstBars], [0, null, []]);
    assert.deepEqual(
      [second.fetched, second.failed, failureOf(second)],
      [failing.length, [], undefined],
    );
    const expected = failing
      .toSorted()
      .flatMap((ticker) => opens.map((open, at) => `${ticker} ${sessions[at]!} ${open}`));
    assert.deepEqual(
      bars.map((line) => line.split(" ").slice(0, 3).join(" ")),
      expected,
    );
  });

  it("stores what there is of a history with empty rows, and counts them", async () => {
    const ticker = names.at(-2)!;
    yahoo.failures.add({ when: ticker, fault: { kind: "nulls", every: 3 }, times: 1 });
    const report = await backfill(warehouse(), { ...request, universe: [ticker], url: yahoo.url });
    assert.deepEqual([report.fetched, report.failed, report.admission!.admitted], [1, [], 5]);
    const lines = (await barLines(warehouse(), "simulated")).filter((line) =>
      line.startsWith(ticker),
    );
    assert.deepEqual(
      lines.map((line) => line.split(" ")[1]),
      sessions.slice(0, 7).filter((_, at) => at !== 2 && at !== 5),
    );
    const [receipt] = await receipts(ticker);
    assert.deepEqual([receipt!.about["empty_rows"], receipt!.about["gaps"]], [2, 2]);
  });

  it("stops at a refusal, which is ours to mend, and keeps no receipt of it", async () => {
    const ticker = names.at(-1)!;
    yahoo.failures.add({ when: ticker, fault: page(401), times: 1 });
    const run = { ...request, universe: [ticker], url: yahoo.url };
    await assert.rejects(backfill(warehouse(), run), {
      constructor: SourceRejected,
      message: /refuses us \(HTTP 401\): <html>no<\/html>/,
    });
    assert.deepEqual(await receipts(ticker), []);
    assert.equal((await backfill(warehouse(), run)).fetched, 1);
  });

  it("asks a vendor that bans a third time more slowly, and no more; what it forbids stays missing", async () => {
    const ticker = names.at(-1)!;
    const before = yahoo.requests.length;
    yahoo.failures.add({ when: ticker, fault: page(403), times: 3 });
    const decade = {
      from: "2009-01-05",
      universe: [ticker],
      url: yahoo.url,
      lane: { attempts: 4 },
    };
    const report = await backfill(warehouse(), { ...request, ...decade });
    assert.equal(yahoo.requests.length - before, 3);
    assert.deepEqual([report.missing, report.failed], [[ticker], []]);
    assert.ok(failureOf(report) instanceof SourceUnavailable);
  });
});
