import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run as audit } from "../../../jobs/audit-lookahead/job.ts";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import { identityOfKey, identityOfSidecar } from "../../../jobs/read-report/identify.ts";
import {
  failureOf,
  run,
  type ReadReportArgs,
  type ReadReportReport,
} from "../../../jobs/read-report/job.ts";
import { describeReport, reportPage } from "../../../jobs/read-report/show.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { newYorkInstant } from "../../../shared/market/new-york.ts";
import { addDays, parseTradingDay } from "../../../shared/market/trading-day.ts";
import { startBedrock, type AskedQuestion } from "../../../shared/simulator/bedrock/server.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { categories } from "../../../shared/text/answers.ts";
import { readScore } from "../../../shared/text/score-record.ts";
import { reportsOf } from "../../../shared/warehouse/tables/reports.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { pdfOf } from "../../../shared/simulator/pdf.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 8,
  securities: 5,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2020-12-31"),
  delistingsPerYear: 0,
  lateStarts: 0,
});
const nowMs = afterMarket(market);
const { ticker } = market.listings.at(-1)!;
const day = parseTradingDay;

/** A report of which each page says something of a category; the second year is worse. */
const pagesOf = (good: boolean, regions = 12): (string | null)[] => [
  `Letter to our shareholders. On behalf of our people and our customers we are proud\nof ${good ? "strong growth and record-high profit" : "a weak year with losses"} in ${regions} regions.`,
  `Our sustainability and climate initiatives lowered carbon emissions by ${good ? 30 : 3} percent,\nand safety and diversity ${good ? "improved" : "deteriorated"} in our communities.`,
  `Competition in our industry and the demand of our markets, with trends in market share\nof 21 percent, ${good ? "were favorable and strong" : "were difficult and weak"}.`,
  "Risk factors. Litigation, cyber breaches and uncertain demand could harm us adversely,\nand we depend on 3 suppliers whose failure would hurt.",
  `Our strategic priorities are long-term growth, innovation and to invest 400 million dollars\nin transformation, compared with 350 in the previous year.`,
];

describe("quarry read-report", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();
  let files = 0;

  async function read(
    bytes: Uint8Array | string,
    args: Partial<ReadReportArgs> = {},
    environment: Record<string, string> = {},
  ): Promise<ReadReportReport> {
    const path = join(folder(), `report${++files}.pdf`);
    writeFileSync(path, bytes);
    return run(
      {
        provider: "local",
        model: undefined,
        path,
        file: "report.pdf",
        identity: { ticker, periodEnd: day("2019-06-30"), published: day("2019-08-15") },
        ...args,
      },
      jobDeps(warehouse(), nowMs, environment),
      noSignal,
    );
  }

  it("reads every page into five ratings, with key data that stand on their pages", async () => {
    const bytes = await pdfOf([...pagesOf(true), null, ""]);
    const report = await read(bytes);
    assert.equal(report.state, "scored", report.reason);
    assert.deepEqual(report.pages, { count: 7, text: 5, scanned: [6], blank: [7], sent: [] });
    assert.deepEqual(Object.keys(report.ratings), [...categories]);
    assert.ok(
      Object.values(report.ratings).every(
        (rating) => rating !== null && rating >= 0 && rating <= 10,
      ),
    );
    assert.ok(report.ratings["CEO statement"]! > 5 && report.ratings["Risk factors"]! < 5);
    assert.ok(report.key_data.verified >= 5 && report.key_data.unverified === 0);
    assert.equal(report.known_at, new Date(newYorkInstant(day("2019-08-16"), 0)).toISOString());
    assert.equal(report.linked, true);
    assert.equal(failureOf(report), undefined);
    // The second time nothing is asked, and all is the same.
    const again = await read(bytes);
    assert.equal(again.bought, 0);
    assert.deepEqual({ ...again, bought: report.bought }, report);
  });

  it("is shown in a terminal and as a page, with pages and quotes", async () => {
    const [row] = await reportsOf(warehouse(), ticker, 2019);
    const { parsed, text } = describeReport(row!);
    assert.match(text, /Strategic priorities: \d+\.\d of 10/);
    assert.match(text, /400 million dollars.*\(page 5\)/);
    const page = reportPage(row!, parsed);
    assert.match(page, /<cite>page 5<\/cite>/);
    assert.match(page, /Rated by word lists/);
    assert.ok(page.length < 100_000);
    const record = await readScore(jobDeps(warehouse(), nowMs).objects, row!.scoreKey);
    assert.equal(record!.task, "report");
  });

  it("becomes factors from the publication on, changes against the year before, and nothing early", async () => {
    const published = day("2020-08-20");
    const second = await read(await pdfOf(pagesOf(false)), {
      identity: { ticker, periodEnd: day("2020-06-30"), published },
    });
    assert.equal(second.state, "scored");
    const factors = pickFactors(await loadLibrary(), ["report_ceo", "report_ceo_change"]);
    const [from, to] = [market.sessions[0]!, market.sessions.at(-1)!];
    await compute({ factors, from, to }, jobDeps(warehouse(), nowMs), noSignal);
    const rows = await warehouse().rows<{ factor: string; first: string; values: number[] }>(
      "SELECT factor, toString(min(day)) AS first, groupUniqArray(value) AS values FROM factor_values FINAL GROUP BY factor ORDER BY factor",
    );
    assert.deepEqual(
      rows.map(({ factor, first }) => `${factor} ${first}`),
      // Known at midnight after the day of publication: at the close of the next session.
      ["report_ceo 2019-08-16", `report_ceo_change ${addDays(published, 1)}`],
    );
    assert.ok(rows[0]!.values.length === 2 && rows[1]!.values[0]! < 0);
    const { differences, compared } = await audit(
      { factors, days: [day("2019-08-15"), day("2020-08-20")] },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
    assert.deepEqual([differences, compared > 200], [0, true]);
  });

  it("of which no page has text is rated by nobody", async () => {
    const report = await read(await pdfOf([null, null]));
    assert.equal(report.state, "invalid");
    assert.deepEqual(report.pages.scanned, [1, 2]);
    assert.match(failureOf(report)!.message, /has no ratings \(invalid\): No page of it has text/);
  });

  it("refuses what is no PDF, a day in the future, and one before the period's end", async () => {
    const refused = (message: RegExp) => ({ name: "InvalidInput", message });
    await assert.rejects(read(""), refused(/got 0 bytes/));
    await assert.rejects(read("abc"), refused(/got 3 bytes/));
    const periodEnd = day("2020-06-30");
    const bytes = await pdfOf(["text"]);
    await assert.rejects(
      read(bytes, { identity: { ticker, periodEnd, published: day("2031-01-01") } }),
      refused(/--published 2031-01-01 is in the future/),
    );
    await assert.rejects(
      read(bytes, { identity: { ticker, periodEnd, published: day("2020-01-01") } }),
      refused(/expected a day after the period's end/),
    );
    await assert.rejects(
      read(bytes, { path: "none.pdf", file: "none.pdf" }),
      refused(/none.pdf: no such file/),
    );
  });

  it("keeps a report of which nobody says whose it is, and does not read it", async () => {
    const report = await read(await pdfOf(pagesOf(true)), { identity: undefined });
    assert.equal(report.state, "unidentified");
    assert.match(failureOf(report)!.message, /Nobody says whose report it is/);
  });

  it("is told by its key, or by a file beside it", () => {
    assert.deepEqual(identityOfKey("inbox/reports/MSFT/2023-06-30/2023-07-27/10k.pdf"), {
      ticker: "MSFT",
      periodEnd: "2023-06-30",
      published: "2023-07-27",
    });
    assert.deepEqual(identityOfKey("reports/BRK.B/2023-12-31/annual report.PDF"), {
      ticker: "BRK.B",
      periodEnd: "2023-12-31",
      published: undefined,
    });
    for (const key of [
      "reports/x.pdf",
      "reports/MSFT/2023-02-31/a.pdf",
      "reports/MSFT/2023/a.pdf",
      "reports/MSFT/2023-06-30/a.doc",
    ]) {
      assert.equal(identityOfKey(key), undefined, key);
    }
    assert.deepEqual(
      identityOfSidecar(
        '{"ticker": "MSFT", "period_end": "2023-06-30", "published": "2023-07-27"}',
      ),
      {
        ticker: "MSFT",
        periodEnd: "2023-06-30",
        published: "2023-07-27",
      },
    );
    for (const text of [
      "",
      "[]",
      "{}",
      '{"ticker": "MSFT"}',
      '{"ticker": 5, "period_end": "2023-06-30"}',
      '{"ticker": "MSFT", "period_end": "soon"}',
    ]) {
      assert.equal(identityOfSidecar(text), undefined, text);
    }
  });

  describe("by Bedrock", () => {
    const modelId = "anthropic.claude-3-5-haiku-20241022-v1:0";
    const names = [
      "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
    ];
    const before = names.map((name) => process.env[name]);
    after(() => {
      for (const [at, name] of names.entries()) {
        if (before[at] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[at];
      }
    });

    const answer = (change: (items: Record<string, unknown>[]) => void): string => {
      const items: Record<string, unknown>[] = categories.map((category) => ({
        category,
        summary: "A summary.",
        key_data: [],
        year_over_year_change: "",
        rating: 5,
        rating_justification: "Because.",
      }));
      change(items);
      return JSON.stringify({
        items,
        overall_assessment: "Fine.",
        investment_recommendation: "Hold.",
      });
    };

    async function by(
      says: readonly string[],
      pages: readonly (string | null)[],
      budgetUsd?: number,
    ): Promise<{ report: ReadReportReport; questions: AskedQuestion[] }> {
      const questions: AskedQuestion[] = [];
      await using server = await startBedrock({ asked: (question) => questions.push(question) });
      const [url] = [server.url];
      for (const [at, name] of names.entries()) process.env[name] = at === 0 ? url : "simulated";
      // The first question is for notes, as this model has one part; those after it are for the report.
      let asked = 0;
      for (const text of says) {
        const number = 2 + asked++;
        server.failures.add({
          when: (_, ordinal) => ordinal === number,
          times: 1,
          fault: { kind: "answer", text },
        });
      }
      const report = await read(
        await pdfOf(pages),
        { provider: "bedrock", model: modelId, budgetUsd },
        { AWS_REGION: "us-east-1" },
      );
      return { report, questions };
    }

    it("mends by one more question what is out of range, and gives up what stays so", async () => {
      const twelve = answer((items) => (items[2]!["rating"] = 12));
      const fine = answer(() => undefined);
      const mended = await by([twelve, fine], ["A page of text, the first one.", ...pagesOf(true)]);
      assert.equal(mended.report.state, "scored");
      assert.equal(mended.questions.length, 3);
      const wrong = [
        twelve,
        answer((items) => items.pop()),
        answer((items) => (items[0]!["category"] = "Another")),
        answer((items) => (items[1]!["rating"] = "8")),
        "{",
      ];
      for (const [at, text] of wrong.entries()) {
        const bad = await by([text, text], pagesOf(true, 13 + at));
        assert.equal(bad.report.state, "invalid", text);
        assert.deepEqual(bad.report.ratings, {});
        assert.match(failureOf(bad.report)!.message, /has no ratings \(invalid\)/);
      }
    });

    it("is sent scanned pages as a PDF of those alone", async () => {
      const { report, questions } = await by([], [...pagesOf(true), null, "Another page of text."]);
      assert.deepEqual([report.pages.scanned, report.pages.sent], [[6], [6]]);
      const sent = questions.flatMap(({ body }) =>
        body.messages[0]!.content.flatMap(({ document }) => document ?? []),
      );
      assert.equal(sent.length, 1);
    });

    it("costs what is told, and no more than the budget", async () => {
      const { report } = await by([], pagesOf(false), 1);
      assert.ok(report.spent_usd! > 0 && report.spent_usd! < 0.1);
      const poor = await by([], [...pagesOf(false), "One more."], 0.001);
      assert.equal(poor.report.state, "over_budget");
      assert.equal(poor.questions.length, 0);
    });
  });
});
