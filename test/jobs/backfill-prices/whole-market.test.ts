import assert from "node:assert/strict";
import { failureOf, type BackfillReport } from "../../../jobs/backfill-prices/job.ts";
import { receiptsOf } from "../../../shared/backfill/receipt.ts";
import { sessionCloseMs, sessionOpenMs } from "../../../shared/market/calendar.ts";
import { addDays, parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import { getCapture } from "../../../shared/objects/capture.ts";
import type { Loopback } from "../../../shared/simulator/loopback.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import type { YahooFault } from "../../../shared/simulator/yahoo/faults.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { jobDeps } from "../../support/job-deps.ts";
import { tableCounts } from "../../support/tables.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";
import { backfill } from "./backfill.ts";

/** Fourteen listings over three years: two share classes, a reused ticker, late starts, delistings, splits, dividends. */
const market = simulateMarket({
  seed: 21,
  securities: 14,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
  delistingsPerYear: 0.15,
});
const last = market.sessions.at(-1)!;
const nowMs = sessionCloseMs(last) + 3_600_000;
/** The first company of the reused ticker, which the vendor does not serve any more. */
const forgotten = market.listings[2]!;
const served = market.listings.filter((listing) => listing !== forgotten);

interface StoredBar {
  ticker: string;
  day: TradingDay;
  known: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

describe("a backfill of a simulated market over HTTP", () => {
  const warehouse = useWarehouse();
  let yahoo: Loopback<YahooFault>;
  let report: BackfillReport;
  const request = {
    universe: universeCsv(market).trim().split("\n"),
    from: market.sessions[0]!,
    to: last,
    nowMs,
  };
  before(async () => {
    yahoo = await startYahoo(market);
    report = await backfill(warehouse(), { ...request, url: yahoo.url });
  });
  after(() => yahoo.close());

  it("asks once for each ticker, and reports what came", () => {
    assert.equal(yahoo.requests.length, 13);
    assert.equal(new Set(yahoo.requests.map(({ subject }) => subject)).size, 13);
    const bars = served.reduce((sum, one) => sum + market.history(one).bars.close.length, 0);
    const { admission, failed, ...rest } = report;
    assert.deepEqual([rest.units, rest.fetched, rest.held, rest.missing], [13, 13, 0, []]);
    assert.deepEqual(
      [admission!.rows, admission!.admitted, admission!.quarantined],
      [bars, bars, {}],
    );
    assert.deepEqual(admission!.securities, { seen: 13, added: 13 });
    assert.deepEqual(
      failed.map(({ key, reason }) => [key, reason]),
      [[forgotten.ticker, "ticker_reused"]],
    );
  });

  it("stores the bars as they were traded, to 1e-6, known since their close", async () => {
    const rows = await warehouse().rows<StoredBar>(
      `SELECT ticker, toString(day) AS day, toUnixTimestamp(b.known_at) AS known, open, high, low, close, volume
       FROM bars AS b INNER JOIN tickers AS t ON b.security_id = t.security_id
       WHERE t.to_day IS NULL ORDER BY ticker, day`,
    );
    const stored = Map.groupBy(rows, ({ ticker }) => ticker);
    assert.equal(stored.size, 13);
    let compared = 0;
    for (const listing of served) {
      const { bars } = market.history(listing);
      const found = stored.get(listing.ticker)!;
      assert.equal(found.length, bars.close.length);
      for (const [at, bar] of found.entries()) {
        const day = market.sessions[bars.session[at]!]!;
        assert.deepEqual([bar.day, bar.known], [day, sessionCloseMs(day) / 1000]);
        for (const field of ["open", "high", "low", "close"] as const) {
          const traded = bars[field][at]!;
          const message = `${listing.ticker} ${day} ${field}: ${bar[field]} for ${traded}`;
          assert.ok(Math.abs(bar[field] / traded - 1) < 1e-6, message);
        }
        // The vendor rounds volumes to whole shares of today.
        assert.ok(Math.abs(bar.volume - bars.volume[at]!) <= Math.max(10, 1e-6 * bar.volume));
        compared++;
      }
    }
    assert.equal(compared, report.admission!.admitted);
  });

  it("stores splits, dividends and ends, known since the open of their days", async () => {
    const rows = await warehouse().rows<{
      ticker: string;
      kind: string;
      exDate: TradingDay;
      value: number | null;
      known: number;
    }>(
      `SELECT ticker, kind, toString(ex_date) AS exDate, value, toUnixTimestamp(a.known_at) AS known
       FROM corporate_actions AS a INNER JOIN tickers AS t ON a.security_id = t.security_id
       WHERE t.to_day IS NULL ORDER BY ticker, kind, ex_date`,
    );
    const expected = served
      .flatMap((listing) => {
        const { splits, dividends } = market.history(listing);
        const end = listing.delisting;
        return [
          ...splits.map(({ exDate, numerator, denominator }) => ({
            kind: "split",
            exDate,
            value: numerator / denominator,
          })),
          ...dividends.map(({ exDate, amount }) => ({ kind: "dividend", exDate, value: amount })),
          ...(end
            ? [{ kind: "delisting", exDate: addDays(end.lastDay, 1), value: end.return }]
            : []),
        ].map((action) => ({ ticker: listing.ticker, ...action }));
      })
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
    assert.deepEqual(rows.map(key), expected.map(key));
    rows.forEach(({ kind, exDate, value, known }, at) => {
      // Yahoo prints six decimals, on today's shares.
      assert.ok(Math.abs(value! - expected[at]!.value) < 2e-5, key(rows[at]!));
      const since =
        kind === "delisting" ? sessionCloseMs(addDays(exDate, -1)) : sessionOpenMs(exDate);
      assert.equal(known, since / 1000);
    });
    const kinds = Map.groupBy(rows, ({ kind }) => kind);
    for (const kind of ["split", "dividend", "delisting"])
      assert.ok(kinds.get(kind)!.length >= 2, kind);
    assert.equal(report.actions, rows.length);
  });

  it("gives each listing a security, with the days of its ticker and its issuer", async () => {
    const rows = await warehouse().rows<{
      ticker: string;
      issuer: string;
      from: string;
      to: string | null;
    }>(
      `SELECT ticker, any(issuer_id) AS issuer, toString(any(from_day)) AS from,
         toString(argMax(tuple(to_day), t.known_at).1) AS to
       FROM tickers AS t INNER JOIN securities AS s ON t.security_id = s.security_id
       GROUP BY s.security_id, ticker ORDER BY ticker`,
    );
    const expected = served.map((listing) => ({
      ticker: listing.ticker,
      issuer: listing.issuer,
      from: listing.firstDay,
      to: listing.delisting?.lastDay ?? null,
    }));
    assert.deepEqual(
      rows,
      expected.sort((a, b) => (a.ticker < b.ticker ? -1 : 1)),
    );
  });

  it("keeps the reply's bytes and a receipt of each unit", async () => {
    const { objects } = jobDeps(warehouse(), nowMs);
    for (const listing of served) {
      const receipts = await receiptsOf(objects, "prices", "simulated", listing.ticker);
      assert.equal(receipts.length, 1);
      const { state, capture, from, to, files, about } = receipts[0]!;
      assert.deepEqual(
        [state, from, to],
        ["done", "2010-01-01", listing.delisting?.lastDay ?? last],
      );
      const asked = capture!.url.slice(yahoo.url.length);
      assert.ok(yahoo.requests.some(({ path }) => path === asked));
      // What is kept is what the vendor sends to whoever asks the same.
      const bytes = await getCapture(objects, "simulated", capture!.hash);
      assert.equal(bytes!.toString(), await (await fetch(capture!.url)).text());
      assert.equal(bytes!.length, capture!.byteLength);
      assert.equal(files[0]!.rows, market.history(listing).bars.close.length);
      assert.equal(about["first_trade"], listing.firstDay);
    }
  });

  it("asks the vendor for nothing the second time, and adds no row", async () => {
    const rows = await tableCounts(warehouse());
    const requests = yahoo.requests.length;
    const again = await backfill(warehouse(), { ...request, url: yahoo.url });
    assert.equal(yahoo.requests.length, requests);
    assert.deepEqual([again.held, again.fetched, again.admission, again.actions], [13, 0, null, 0]);
    assert.deepEqual(await tableCounts(warehouse()), rows);
    // A part of what is held is held too.
    const part = await backfill(warehouse(), {
      ...request,
      from: "2019-06-03",
      to: "2019-12-31",
      url: yahoo.url,
    });
    assert.equal(yahoo.requests.length, requests);
    assert.equal(part.fetched, 0);
    assert.deepEqual(await tableCounts(warehouse()), rows);
  });

  it("fails as a whole for the company that must come from elsewhere, and says which", () => {
    const failure = failureOf(report)!;
    assert.equal(failure.constructor.name, "Failed");
    assert.equal(
      failure.message,
      `1 of 13 tickers failed (${forgotten.ticker}: Yahoo serves another company under ${forgotten.ticker} now; ` +
        `the one that ended on ${forgotten.delisting!.lastDay} must come from another source.).`,
    );
  });
});

const key = ({ ticker, kind, exDate }: { ticker: string; kind: string; exDate: string }): string =>
  `${ticker} ${kind} ${exDate}`;
