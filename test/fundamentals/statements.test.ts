import assert from "node:assert/strict";
import type { IssuerFacts } from "../../shared/fundamentals/issuer-facts.ts";
import { items } from "../../shared/fundamentals/items.ts";
import { viewOf } from "../../shared/fundamentals/statement-inputs.ts";
import { Statements } from "../../shared/fundamentals/statements.ts";
import { dayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";
import { assertClose } from "../factors/support/assert-close.ts";
import { madeFacts, type MadeFact } from "./made-facts.ts";

const stepsOf = (facts: IssuerFacts, inputs: readonly string[]) =>
  new Statements(facts).steps(inputs);

const quarterEnds = ["03-31", "06-30", "09-30", "12-31"];
const quarterStarts = ["01-01", "04-01", "07-01", "10-01"];

/** Net income of quarters from 2018 on, each filed a month after its end; the fourth within its year only. */
function quarters(values: readonly number[]): MadeFact[] {
  return values.flatMap((value, at): MadeFact[] => {
    const year = 2018 + Math.floor(at / 4);
    const q = at % 4;
    const known =
      q === 3
        ? `${year + 1}-02-20T12:00:00Z`
        : `${year}-${String(3 * q + 5).padStart(2, "0")}-01T12:00:00Z`;
    const to = `${year}-${quarterEnds[q]!}`;
    const toDate = values.slice(at - q, at + 1).reduce((sum, one) => sum + one, 0);
    const form = q === 3 ? "10-K" : "10-Q";
    return [
      ...(q === 3
        ? []
        : ([
            ["NetIncomeLoss", `${year}-${quarterStarts[q]!}`, to, value, form, known],
          ] as MadeFact[])),
      ...(q === 0
        ? []
        : ([["NetIncomeLoss", `${year}-01-01`, to, toDate, form, known]] as MadeFact[])),
    ];
  });
}

describe("statements as they were known", () => {
  it("names of inputs mean an item and a view of it, and nothing else does", () => {
    const view = viewOf("revenue_ttm_year_ago")!;
    assert.deepEqual([view.item.name, view.view, view.yearAgo], ["revenue", "ttm", true]);
    assert.equal(viewOf("shares_basic_annual")!.item.name, "shares_basic");
    for (const name of ["price", "revenue_yearly", "market_cap"])
      assert.equal(viewOf(name), undefined);
  });

  it("change when a report is known, and all values of a moment are of its period", () => {
    const steps = stepsOf(
      madeFacts(
        ["Assets", "", "2019-12-31", 100, "10-K", "2020-02-20T12:00:00Z"],
        ["StockholdersEquity", "", "2019-12-31", 40, "10-K", "2020-02-20T12:00:00Z"],
        ["Assets", "", "2020-03-31", 110, "10-Q", "2020-05-01T12:00:00Z"],
        // An 8-K of a later day opens no period.
        ["Assets", "", "2020-04-30", 999, "8-K", "2020-05-20T12:00:00Z"],
        ["Assets", "", "2020-03-31", 120, "10-Q/A", "2020-06-01T12:00:00Z"],
      ),
      ["assets", "equity"],
    );
    assert.deepEqual([...steps.values["assets"]!], [100, 110, 110, 120]);
    // Equity of March is not told: that of December does not stand in for it.
    assert.deepEqual([...steps.values["equity"]!], [40, NaN, NaN, NaN]);
  });

  it("of some items do not change with what else is read", () => {
    const facts = madeFacts(
      ["Assets", "", "2019-12-31", 100, "10-K", "2020-02-20T12:00:00Z"],
      ["StockholdersEquity", "", "2020-03-31", 40, "10-Q", "2020-05-01T12:00:00Z"],
    );
    const alone = stepsOf(facts, ["assets"]);
    assert.deepEqual([...alone.values["assets"]!], [100]);
    // Together they are of one period, that of March, for which assets are not told.
    const statements = new Statements(facts);
    assert.deepEqual([...statements.steps(["assets", "equity"]).values["assets"]!], [100, NaN]);
    assert.deepEqual(statements.steps(["assets"]), alone);
  });

  it("in another currency than prices are not read", () => {
    const facts = madeFacts(
      ["ifrs-full Assets TWD", "", "2019-12-31", 3000, "20-F", "2020-04-15T12:00:00Z"],
      ["ifrs-full Assets USD", "", "2018-12-31", 90, "20-F", "2019-04-15T12:00:00Z"],
    );
    assert.deepEqual([...stepsOf(facts, ["assets"]).values["assets"]!], [90]);
  });

  it("twelve months and those of a year before", () => {
    // Of 2018 10, 11, 12, 13 (46), of 2019 14, 15: to June 2019 14 + 15 + 12 + 13 = 54.
    const steps = stepsOf(madeFacts(...quarters([10, 11, 12, 13, 14, 15, 16, 17, 18])), [
      "net_income_ttm",
      "net_income_ttm_year_ago",
    ]);
    const ttm = [...steps.values["net_income_ttm"]!];
    assert.deepEqual(ttm, [NaN, NaN, NaN, 46, 50, 54, 58, 62, 66]);
    const before = [...steps.values["net_income_ttm_year_ago"]!];
    assert.deepEqual(before, [NaN, NaN, NaN, NaN, NaN, NaN, NaN, 46, 50]);
  });

  it("a surprise is the quarter's change in units of the deviation of the eight before", () => {
    // Changes from the same quarter a year before: of quarter 4 to 11: 4, 5, 4, 5, 4, 5, 4, 5; of quarter 12: 9.
    const first = [10, 20, 30, 40];
    const second = [14, 25, 34, 45];
    const third = [18, 30, 38, 50];
    const steps = stepsOf(madeFacts(...quarters([...first, ...second, ...third, 27])), [
      "net_income_surprise",
    ]);
    const values = steps.values["net_income_surprise"]!;
    assert.ok(
      values.slice(0, -1).every((value) => Number.isNaN(value)),
      "thirteen quarters are needed",
    );
    // Mean 4.5, eight deviations of 0.5: sqrt(8 * 0.25 / 7) = 0.5345224838; 9 / 0.5345224838 = 16.8374582.
    assertClose(values.at(-1), 9 / Math.sqrt(2 / 7));
  });

  it("shares are counted last by the newest day, a cover before a balance sheet", () => {
    const item = items.find(({ name }) => name === "shares_outstanding")!;
    const counts = new Statements(
      madeFacts(
        [
          "us-gaap CommonStockSharesOutstanding shares",
          "",
          "2019-12-31",
          1000,
          "10-K",
          "2020-02-20T12:00:00Z",
        ],
        [
          "dei EntityCommonStockSharesOutstanding shares",
          "",
          "2020-02-10",
          990,
          "10-K",
          "2020-02-20T12:00:00Z",
        ],
        [
          "dei EntityCommonStockSharesOutstanding shares",
          "",
          "2020-02-15",
          1,
          "DEF 14A",
          "2020-03-20T12:00:00Z",
        ],
        [
          "us-gaap CommonStockSharesOutstanding shares",
          "",
          "2020-03-31",
          970,
          "10-Q",
          "2020-05-01T12:00:00Z",
        ],
      ),
    ).shareCounts(item);
    assert.deepEqual([...counts.shares], [990, 970]);
    const day = (text: string): number => dayNumber(parseTradingDay(text));
    // A balance sheet's shares are those of the day of the filing.
    assert.deepEqual([...counts.countedOn], [day("2020-02-10"), day("2020-05-01")]);
  });
});
