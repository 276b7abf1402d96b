import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shownFactors } from "../../../jobs/demo/job.ts";
import { loadLibrary } from "../../../shared/factors/load-library.ts";
import { quarry, type Outcome } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const library = shownFactors(await loadLibrary()).map(({ name }) => name);

describe("quarry demo", () => {
  const folder = useTempFolder();
  const out = (): string => join(folder(), "out");
  let outcome: Outcome;
  before(async function () {
    this.timeout(180_000);
    const args = ["demo", "--securities", "40", "--years", "3", "--out", out()];
    // Where no terminal is, and with nobody's own warehouse touched.
    outcome = await quarry(args, { home: join(folder(), "untouched") });
  });

  it("ends well, with plain lines of progress and no control characters", () => {
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(outcome.stderr, /fetch prices: \d+ done/);
    assert.doesNotMatch(outcome.stderr + outcome.stdout, /[\u001b\r]/);
  });

  it("prints every factor with its coefficient, its t, its verdict and the truth, and last the page to open", () => {
    for (const name of library) {
      const line = outcome.stdout.split("\n").find((one) => one.startsWith(`${name} `));
      assert.match(line ?? name, / -?\d\.\d{4} +-?\d+\.\d\d .*(passes at|luck is enough)/);
    }
    assert.match(outcome.stdout, /factor +IC +HAC t/);
    // The same factor on companies that a desk writes about which hears of things, and of one that does not.
    assert.match(outcome.stdout, /news_sentiment_5, insight .*planted\n/);
    assert.match(outcome.stdout, /news_sentiment_5, wire .*worth nothing\n/);
    assert.equal(outcome.stdout.trim().split("\n").at(-1), `Open ${join(out(), "index.html")}`);
  });

  it("writes an overview and a page a factor, each labelled as simulated", () => {
    const pages = readdirSync(out()).filter((name) => name.endsWith(".html"));
    assert.deepEqual(
      pages.toSorted(),
      [...library, "index", "report"].map((name) => `${name}.html`).toSorted(),
    );
    for (const page of pages) {
      const html = readFileSync(join(out(), page), "utf8");
      assert.match(html.replaceAll(/<script[\s\S]*?<\/script>/g, ""), /Simulated data/i);
      // Nothing is fetched when it is opened.
      assert.doesNotMatch(html, /<(script|link|img)[^>]+(src|href)="https?:/);
    }
  });

  it("leaves a warehouse to look around in, of simulated prices alone", async () => {
    const sql = "SELECT source, count() > 0 AS some FROM bars GROUP BY source ORDER BY source";
    const { code, stdout } = await quarry(["query", sql, "--json"], { home: join(out(), "home") });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [{ source: "simulated", some: 1 }]);
    assert.ok(!readdirSync(folder()).includes("untouched"));
  });
});
