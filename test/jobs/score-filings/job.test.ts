import assert from "node:assert/strict";
import { run } from "../../../jobs/score-filings/job.ts";
import { putCapture } from "../../../shared/objects/capture.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const nowMs = Date.parse("2024-06-01T12:00:00Z");
const issuer = "0000000042";

describe("quarry score filings", () => {
  const warehouse = useWarehouse();

  async function file(
    accession: string,
    form: string,
    period: string,
    known: string,
  ): Promise<void> {
    await warehouse().command(
      `INSERT INTO filings (source, issuer_id, accession, form, filed, known_at, known_by, rank, period_end, primary_document, items, capture, run_id, ingested_at)
       SELECT 'edgar', '${issuer}', '${accession}', '${form}', toDate('${known.slice(0, 10)}'), toDateTime('${known}', 'UTC'), 'acceptance', 1, toDate('${period}'), 'a.htm', '', '', '', now()`,
    );
  }
  async function document(accession: string, capture: string): Promise<void> {
    await warehouse().command(
      `INSERT INTO filing_documents SELECT 'edgar', '${issuer}', '${accession}', 'a.htm', 'main', 'text/html', 1, 1, '${capture}', '', now()`,
    );
  }
  const item = (accession: string, name: string, text: string): Promise<void> =>
    warehouse().command(
      `INSERT INTO filing_items SELECT 'edgar', '${issuer}', '${accession}', '${name}', '', {text:String}, '', '', now()`,
      { text },
    );
  const score = () =>
    run(
      {
        provider: "local",
        model: undefined,
        companies: undefined,
        budgetUsd: undefined,
        concurrency: 4,
      },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
  const signals = (): Promise<{ signal: string; period: string; value: number; known: string }[]> =>
    warehouse().rows(
      "SELECT signal, toString(period_end) AS period, value, toString(known_at) AS known FROM text_signals FINAL ORDER BY signal, period",
    );

  before(async () => {
    await file("a-22", "10-K", "2022-12-31", "2023-02-20 21:30:00");
    await file("a-23", "10-K", "2023-12-31", "2024-02-20 21:30:00");
    await file("p-24", "DEF 14A", "2024-05-01", "2024-03-20 21:30:00");
    await item("a-22", "1A", "Risk, litigation and strong demand.");
    await item("a-22", "7", "alpha alpha beta");
    await item("a-23", "1A", "Bankruptcy and fraud.");
    await item("a-23", "7", "alpha beta beta");
    await document("a-22", "");
    await document("a-23", "");
    const { objects } = jobDeps(warehouse(), nowMs);
    const proxy =
      "<html><body><p>Jane Doe, age 60, is a director. John Smith, age 50, is one too.</p><pre>\nJohn Smith 2023 1,000,000 4,000,000 5,000,000\n</pre></body></html>";
    await document("p-24", await putCapture(objects, "edgar", Buffer.from(proxy)));
  });

  it("measures each annual report, likeness against the one of the year before", async () => {
    const report = await score();
    assert.deepEqual([report.annual_reports, report.proxy_statements], [2, 1]);
    const rows = await signals();
    const of = (name: string) => rows.filter(({ signal }) => signal === name);
    assert.deepEqual(
      of("risk_tone").map(({ value, known }) => [Math.round(value * 100) / 100, known]),
      // risk and litigation -0.45 each, strong 0.45; and -1 where all is bad.
      [
        [-0.33, "2023-02-20 21:30:00"],
        [-1, "2024-02-20 21:30:00"],
      ],
    );
    const [similar, ...more] = of("report_similarity");
    // {risk, litigation, and, strong, demand, alpha x 2, beta} and {bankruptcy, and, fraud, alpha, beta x 2}:
    // (1 + 2 + 2) / (sqrt(5 + 4 + 1) x sqrt(3 + 1 + 4)).
    assert.ok(Math.abs(similar!.value - 5 / Math.sqrt(10 * 8)) < 1e-12);
    assert.deepEqual([similar!.period, more.length], ["2023-12-31", 0]);
  });

  it("knows a likeness when both reports are known: one of the year before may come late", async () => {
    // The year before was filed after this one.
    await file("b-20", "10-K", "2020-12-31", "2022-06-01 12:00:00");
    await file("b-21", "10-K", "2021-12-31", "2022-02-20 21:30:00");
    for (const accession of ["b-20", "b-21"]) {
      await item(accession, "7", "gamma delta");
      await document(accession, "");
    }
    await score();
    const row = (await signals()).find(
      ({ signal, period }) => signal === "report_similarity" && period === "2021-12-31",
    );
    assert.deepEqual([Math.round(row!.value * 1e9) / 1e9, row!.known], [1, "2022-06-01 12:00:00"]);
  });

  it("reads ages and pay of a proxy statement, once", async () => {
    const rows = await signals();
    const value = (name: string) => rows.find(({ signal }) => signal === name)?.value;
    assert.equal(value("board_age"), 55);
    assert.equal(value("executive_pay"), 5_000_000);
    assert.equal((await score()).bought, 0);
    assert.deepEqual(await signals(), rows);
  });
});
