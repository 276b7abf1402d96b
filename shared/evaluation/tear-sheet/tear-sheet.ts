import type { TradingDay } from "../../market/trading-day.ts";
import type { Evaluated } from "../evaluate.ts";
import type { Overview } from "../overview.ts";
import type { ByHorizon, EvaluationResult, IcSummary } from "../result.ts";

/** Where the numbers of a page come from; printed on it. */
export interface Provenance {
  readonly runId: string;
  readonly codeVersion: string;
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  /** What was read: `warehouse: yahoo` or the files' names. */
  readonly prices: string;
  /** `all securities`, or the membership file. */
  readonly universe: string;
  /** True when any row came from the simulator: the page says so in large letters. */
  readonly simulated: boolean;
}

/** A library factor in words; an own signal has none. */
export interface FactorWords {
  readonly title: string;
  readonly version: number;
  readonly formula: string;
  readonly reference: string;
  /** +1 when high values are expected to earn more, -1 when less. */
  readonly sign: 1 | -1;
  readonly lookback: number;
}

/** All that one factor's page shows. */
export interface TearSheet {
  readonly result: EvaluationResult;
  /** The days behind the result. */
  readonly evaluated: Evaluated;
  /** Days of the price table, to name the rows of `evaluated.daily.portfolios`. */
  readonly priceDays: readonly TradingDay[];
  /** Names with a value on each of `evaluated.factorDays`, kept or not: `countValues(factor)`. */
  readonly valuesIn: Int32Array;
  readonly words?: FactorWords | undefined;
  /** Information coefficients at delay 0 and 1, one of which the result was made with. */
  readonly icByDelay: readonly { readonly delay: number; readonly ic: ByHorizon<IcSummary> }[];
  /** What the simulator made this factor worth, in a sentence. */
  readonly truth?: string | undefined;
  readonly provenance: Provenance;
  /** Where the overview page is, seen from this one. */
  readonly overviewHref?: string | undefined;
}

/** All that the overview page shows. */
export interface OverviewPage {
  /** In the order of the page; `href` leads to the factor's own page. */
  readonly sheets: readonly { readonly sheet: TearSheet; readonly href: string }[];
  readonly overview: Overview;
  readonly provenance: Provenance;
}
