import type { TradingDay } from "../../market/trading-day.ts";
import { mean } from "../moments.ts";
import { orNull } from "../notes.ts";
import { turned, type PortfolioDays } from "../overlapping-portfolios.ts";
import { annualReturn, maxDrawdown, sharpeRatio } from "../performance.ts";
import type { DeflatedSharpeSummary, Statistic } from "../result.ts";
import { capacityCostsBps, netReturns } from "../summary.ts";
import type { TearSheet } from "./tear-sheet.ts";

/** The overlapping long-short portfolio in the direction in which the factor would be traded. */
export interface TradedPortfolio {
  readonly horizon: number;
  /** +1 long high values; -1 long low values, because the factor's sign says that those earn more. */
  readonly direction: 1 | -1;
  /** Sessions on which the returns were earned. */
  readonly days: readonly TradingDay[];
  readonly gross: Float64Array;
  /** After `costBps` a side. */
  readonly net: Float64Array;
  readonly costBps: number;
  readonly grossSharpe: Statistic;
  readonly netSharpe: Statistic;
  readonly netAnnualReturn: Statistic;
  readonly netDrawdown: Statistic;
  /** Mean daily sum |dw| / 2. */
  readonly turnover: Statistic;
  /** Net Sharpe ratio by cost a side. */
  readonly capacity: readonly { readonly cost_bps: number; readonly sharpe: Statistic }[];
  /** The deflated Sharpe ratio in this direction. */
  readonly deflated: DeflatedSharpeSummary;
}

/**
 * The portfolios of a sheet, one a horizon.
 *
 * The document's `long_short` is always long high values. A page that showed a reversal factor so would show a loss where
 * the factor works as expected; so the page trades in the declared direction. An own signal has none declared and is
 * traded long high values: to take the direction from the data would be to look ahead.
 */
export function tradedPortfolios({ result, evaluated, priceDays }: TearSheet): TradedPortfolio[] {
  const { direction } = evaluated;
  return evaluated.daily.portfolios.map((days) => {
    const key = String(days.horizon);
    const costBps = result.long_short[key]!.net_of_cost.cost_bps;
    const portfolio = turned(days, direction);
    const net = netReturns(portfolio, costBps);
    return {
      horizon: days.horizon,
      direction,
      days: Array.from(days.rows, (row) => priceDays[row]!),
      gross: portfolio.gross,
      net,
      costBps,
      grossSharpe: orNull(sharpeRatio(portfolio.gross)),
      netSharpe: orNull(sharpeRatio(net)),
      netAnnualReturn: orNull(annualReturn(net)),
      netDrawdown: orNull(maxDrawdown(net)),
      turnover: orNull(mean(days.traded) / 2),
      capacity: capacityOf(portfolio),
      deflated: result.fdr.deflated_sharpe[key]!,
    };
  });
}

function capacityOf(portfolio: PortfolioDays): TradedPortfolio["capacity"] {
  return capacityCostsBps.map((cost) => ({
    cost_bps: cost,
    sharpe: orNull(sharpeRatio(netReturns(portfolio, cost))),
  }));
}
