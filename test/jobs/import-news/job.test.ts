import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type ImportNewsReport } from "../../../jobs/import-news/job.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const nowMs = Date.parse("2026-01-05T12:00:00Z");

describe("quarry import news", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  function bring(lines: readonly (object | string)[], lossBudget = 0.5): Promise<ImportNewsReport> {
    const file = join(folder(), "news.jsonl");
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    writeFileSync(file, `\ufeff${text.join("\r\n")}\r\n\r\n`);
    return run({ file, source: "archive", lossBudget }, jobDeps(warehouse(), nowMs), noSignal);
  }

  const article = (at: number, published_at?: string) => ({
    url: `https://a.example.com/${at}?utm_source=x#part`,
    title: `Title ${at}`,
    text: `This is the whole text of article number ${at}, unlike any other ${"abcdefgh".slice(at)}.`,
    published_at,
  });

  it("keeps each article once, with its own time: RFC 1123, ISO, a day (its end), none", async () => {
    const { articles, undated, lines, quarantined } = await bring([
      article(1, "Tue, 03 Mar 2020 14:30:00 GMT"),
      article(2, "2020-03-03T09:30:00-05:00"),
      article(3, "2020-03-03"),
      article(4),
      { ...article(1, "2021-01-01"), url: "https://a.example.com/1" },
    ]);
    assert.deepEqual([lines, articles, undated, quarantined], [5, 4, 1, 0]);
    const rows = await warehouse().rows<{ url: string; known: string; dated: number }>(
      "SELECT url, toString(known_at) AS known, isNotNull(published_at) AS dated FROM articles FINAL ORDER BY title",
    );
    assert.deepEqual(
      rows.map(({ known, dated }) => `${known} ${dated}`),
      [
        "2020-03-03 14:30:00 1",
        "2020-03-03 14:30:00 1",
        "2020-03-04 05:00:00 1",
        "2026-01-05 12:00:00 0",
      ],
    );
    assert.equal((await bring([article(1), article(2)])).articles, 0);
  });

  it("puts aside what is no article, and brings nothing in where that is too much", async () => {
    const bad = [
      "no JSON",
      { url: "ftp://x", text: "a" },
      { url: "https://x.example.com/a" },
      { ...article(7), published_at: "soon" },
      article(8, "2031-01-01"),
    ];
    const { quarantined, articles } = await bring([...bad, article(5), article(6)], 1);
    assert.deepEqual([quarantined, articles], [5, 2]);
    const rows = await warehouse().rows<{ reason: string }>(
      "SELECT reason FROM quarantine FINAL WHERE dataset = 'news' ORDER BY line",
    );
    assert.match(
      rows.map(({ reason }) => reason).join("|"),
      /no JSON\|url: .*\|text: .*\|published_at: .*"soon"\|published in the future/,
    );
    await assert.rejects(bring([...bad, article(9)], 0.1), {
      name: "Failed",
      message: /5 of 6 lines are no articles, .* line 1: no JSON\. Nothing was brought in\./,
    });
    assert.equal((await bring([article(9)])).articles, 1);
  });

  it("refuses a file that is not there", async () => {
    await assert.rejects(
      run(
        { file: "none.jsonl", source: "a", lossBudget: 0 },
        jobDeps(warehouse(), nowMs),
        noSignal,
      ),
      { name: "InvalidInput", message: /no such file/ },
    );
  });
});
