import { document, evaluateFactor } from "../../../shared/evaluation/evaluate.ts";
import { ForwardReturns } from "../../../shared/evaluation/forward-returns.ts";
import { neutralize } from "../../../shared/evaluation/neutralize.ts";
import { compareFactors } from "../../../shared/evaluation/overview.ts";
import type { DayTable } from "../../../shared/evaluation/tables.ts";
import { countValues } from "../../../shared/evaluation/tear-sheet/count-values.ts";
import type {
  FactorWords,
  OverviewPage,
  Provenance,
  TearSheet,
} from "../../../shared/evaluation/tear-sheet/tear-sheet.ts";
import { judge, trialsOf, type Trial } from "../../../shared/evaluation/verdict.ts";
import type { SampleMarket } from "./sample-market.ts";

/** What a sheet of the sample market is made of. */
export interface SampleFactor {
  readonly name: string;
  readonly table: DayTable;
  readonly words?: FactorWords;
  readonly truth?: string;
}

/** How it is evaluated. */
export interface SampleOptions {
  readonly horizons?: readonly number[];
  readonly delay?: number;
  /** Adds groups, a neutralised factor and the delisting sensitivity. */
  readonly everything?: boolean;
  readonly simulated?: boolean;
}

/** Provenance as a run would write it. */
export function provenance(simulated: boolean): Provenance {
  return {
    runId: "2025-11-23T160812Z-7f3a",
    codeVersion: "0.1.0+aa6f153",
    generatedAt: "2025-11-23T16:08:12Z",
    prices: simulated ? "warehouse: simulated" : "prices.csv",
    universe: "all securities",
    simulated,
  };
}

/** Words as the library has them. */
export function words(title: string, sign: 1 | -1): FactorWords {
  return {
    title,
    version: 1,
    formula: "P[t-21] / P[t-252] - 1, total return",
    reference: "Jegadeesh and Titman (1993), Returns to Buying Winners and Selling Losers",
    sign,
    lookback: 252,
  };
}

/** The factors of the sample market, one of them named like an attack. */
export function sampleFactors(market: SampleMarket): SampleFactor[] {
  return [
    {
      name: "planted",
      table: market.planted,
      words: words("Planted signal", 1),
      truth: "a signal with a rank IC of about 0.02 a day, half gone after 14 sessions.",
    },
    {
      name: "reversed_signal",
      table: market.reversed,
      words: words("Reversed signal", -1),
      truth: "the planted signal turned round, half noise.",
    },
    {
      name: "slow_noise",
      table: market.slowNoise,
      words: words("Slow noise", 1),
      truth: "nothing: noise with a daily autocorrelation of 0.98.",
    },
    { name: "<img src=x onerror=alert(1)>", table: market.trace },
  ];
}

/** Evaluates and judges factors of the sample market by the real code, all trials of the run counted together. */
export function sampleSheets(
  market: SampleMarket,
  factors: readonly SampleFactor[],
  options: SampleOptions = {},
): TearSheet[] {
  const { horizons = [1, 5, 10, 21], delay = 1, everything = false, simulated = false } = options;
  const width = market.prices.assets.length;
  const last = Int32Array.from({ length: width }, (_, asset) =>
    asset % 15 === 4 ? Math.floor(market.prices.days.length * 0.8) - 1 : -1,
  );
  const endings = everything
    ? { lastRow: last, delistingReturn: new Float64Array(width).fill(NaN) }
    : undefined;
  const forwardAt = (days: number): ForwardReturns =>
    new ForwardReturns(market.prices, { horizons, delay: days, endings, keepOrders: true });
  const forward = [forwardAt(0), forwardAt(1)];
  const evaluated = factors.map(({ name, table, words }) => {
    const input = {
      factor: table,
      prices: market.prices,
      ...(everything && { groups: market.groups }),
    };
    const neutralized = everything
      ? { by: ["group"], factor: neutralize(table, { groupOf: market.groups.of, tables: [] }) }
      : undefined;
    return forward.map((returns) =>
      evaluateFactor(input, returns, {
        factor: name,
        quantiles: 5,
        costBps: 10,
        direction: words?.sign,
        neutralized,
      }),
    );
  });
  const trials = evaluated.map((byDelay, at): Trial[] =>
    trialsOf(byDelay[delay]!, (horizon) => `${factors[at]!.name}/${horizon}`),
  );
  return factors.map(({ table, words, truth }, at) => {
    const mine = evaluated[at]![delay]!;
    const fdr = judge(mine, trials[at]!, trials.flat(), { q: 0.05, trialsFrom: "warehouse" });
    return {
      result: document(mine, fdr, { series: false, notes: [] }),
      evaluated: mine,
      priceDays: market.prices.days,
      valuesIn: countValues(table),
      words,
      icByDelay: evaluated[at]!.map(({ result }) => ({ delay: result.delay, ic: result.ic })),
      truth: simulated ? truth : undefined,
      provenance: provenance(simulated),
      overviewHref: "index.html",
    };
  });
}

/** The overview of sheets that `sampleSheets` made of the same factors. */
export function sampleOverview(
  market: SampleMarket,
  factors: readonly SampleFactor[],
  sheets: readonly TearSheet[],
): OverviewPage {
  const { horizons, delay } = sheets[0]!.result;
  const at = Math.max(0, horizons.indexOf(5));
  const forward = new ForwardReturns(market.prices, { horizons, delay });
  const overview = compareFactors(
    factors.map(({ name, table }, k) => ({
      name,
      table,
      strength: Math.abs(sheets[k]!.result.ic[String(horizons[at]!)]!.t_hac ?? 0),
    })),
    forward,
    at,
  );
  return {
    sheets: sheets.map((sheet, k) => ({ sheet, href: `factor-${k}.html` })),
    overview,
    provenance: sheets[0]!.provenance,
  };
}
