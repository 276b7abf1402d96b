import assert from "node:assert/strict";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isCompanyInput } from "../../../shared/factors/company.ts";
import { isTextInput } from "../../../shared/text/text-inputs.ts";
import { loadLibrary } from "../../../shared/factors/load-library.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { uniform } from "../../factors/support/made-inputs.ts";
import { quarry } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { backfillUnderKills } from "../backfill-prices/killing.ts";
import { derivedContentsOf } from "../derived.ts";

const market = simulateMarket({
  seed: 33,
  securities: 60,
  from: parseTradingDay("2021-01-04"),
  to: parseTradingDay("2024-12-31"),
});

/** Companies reported nothing here, and no text is there: the factors of prices. */
const library = (await loadLibrary()).filter(
  ({ inputs }) => !inputs.some((input) => isCompanyInput(input) || isTextInput(input)),
);
const names = library.map(({ name }) => name).join(",");

describe("factor values and evaluations by processes that are killed", () => {
  const folder = useTempFolder();
  const options = (home: string) => ({
    home: join(folder(), home),
    environment: { QUARRY_LOG: "error" },
  });
  const days = ["--from", market.sessions[300]!, "--to", market.sessions.at(-1)!];

  before(async function () {
    this.timeout(180_000);
    await using yahoo = await startYahoo(market);
    const last = new Map(
      universeCsv(market)
        .trim()
        .split("\n")
        .map((line) => [line.split(",")[0]!, line]),
    );
    const universe = join(folder(), "universe.csv");
    writeFileSync(universe, [...last.values()].join("\n"));
    const { home } = options("killed");
    const { code, stderr } = await quarry(
      [
        ...["backfill", "prices", "--universe", universe],
        ...["--from", market.sessions[0]!, "--to", market.sessions.at(-1)!],
      ],
      {
        home,
        environment: { YAHOO_BASE_URL: yahoo.url, YAHOO_RATE: "1000", QUARRY_LOG: "error" },
      },
    );
    assert.equal(code, 0, stderr);
    cpSync(home, options("whole").home, { recursive: true });
  });

  it("are those of one process that nobody disturbs", async function () {
    this.timeout(180_000);
    if (!existsSync("/proc/self/environ")) this.skip();
    const next = uniform(20_261_127);
    let killed = 0;
    for (const command of [
      ["backfill", "factor_values", "--factors", names, ...days],
      ["backfill", "evaluations"],
    ]) {
      const { kills, code, stderr } = await backfillUnderKills(command, options("killed"), 3, next);
      assert.equal(code, 0, stderr);
      killed += kills;
    }
    assert.ok(killed >= 2, `${killed} kills`);
    for (const command of [
      ["compute", "--factors", names, ...days],
      ["backfill", "evaluations"],
    ]) {
      const { code, stderr } = await quarry(command, options("whole"));
      assert.equal(code, 0, stderr);
    }
    const whole = await derivedContentsOf(join(options("whole").home, "warehouse"));
    assert.deepEqual(
      [whole.values.factors, whole.evaluations.length],
      [library.length, library.length],
    );
    assert.ok(whole.values.rows > 100_000, `${whole.values.rows} values`);
    const killedHome = join(options("killed").home, "warehouse");
    assert.deepEqual(await derivedContentsOf(killedHome), whole);
  });
});
