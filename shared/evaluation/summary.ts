import type { DailyEvaluation } from "./daily.ts";
import type { HorizonDays } from "./horizon-days.ts";
import { cosineTerms, cosineTest, neweyWestT } from "./long-run-variance.ts";
import { defined, kurtosis, mean, skewness, standardDeviation, tTest } from "./moments.ts";
import type { Notes } from "./notes.ts";
import type { PortfolioDays } from "./overlapping-portfolios.ts";
import { annualised, annualReturn, maxDrawdown, regress, sharpeRatio } from "./performance.ts";
import type {
  ByHorizon,
  FactorSummary,
  IcSummary,
  LongShortSummary,
  QuantileSummary,
} from "./result.ts";

export interface SummaryOptions {
  /** Rows between the factor's day and the trade. */
  readonly delay: number;
  /** Cost of a trade, basis points of its value a side. */
  readonly costBps: number;
}

/** Costs, in basis points a side, at which the net Sharpe ratio is shown. */
export const capacityCostsBps = [0, 2, 5, 10, 15, 20, 30, 50] as const;

/** Turns the days of a factor into the statistics of the contract. */
export function summarise(
  daily: DailyEvaluation,
  options: SummaryOptions,
  notes: Notes,
  prefix = "",
): FactorSummary {
  const byHorizon = <Value>(make: (days: HorizonDays, at: number) => Value): ByHorizon<Value> =>
    Object.fromEntries(daily.horizons.map((days, at) => [String(days.horizon), make(days, at)]));
  return {
    ic: byHorizon((days) => icSummary(days, options.delay, notes, prefix)),
    quantiles: byHorizon((days) => quantileSummary(days, notes, prefix)),
    spread: byHorizon((days) => ({
      mean: notes.statistic(
        `${prefix}spread.${days.horizon}.mean`,
        mean(defined(spread(days))),
        "no day has names in the top and the bottom quantile",
      ),
    })),
    turnover: byHorizon((days, at) =>
      daily.turnover[at]!.quantiles.map((value, quantile) =>
        notes.statistic(
          `${prefix}turnover.${days.horizon}[${quantile}]`,
          value,
          "no two days to compare",
        ),
      ),
    ),
    rank_autocorrelation: byHorizon((days, at) =>
      notes.statistic(
        `${prefix}rank_autocorrelation.${days.horizon}`,
        daily.turnover[at]!.rankAutocorrelation,
        "no two days to compare",
      ),
    ),
    long_short: byHorizon((days, at) =>
      longShortSummary(days, daily.portfolios[at]!, options.costBps, notes, prefix),
    ),
    equal_weight: byHorizon((days) => ({
      mean_return: notes.statistic(
        `${prefix}equal_weight.${days.horizon}.mean_return`,
        mean(defined(days.equalWeight)),
        "no day was kept",
      ),
    })),
  };
}

/** Top quantile minus bottom quantile, by day. */
export function spread(days: HorizonDays): Float64Array {
  const [bottom, top] = [days.quantiles[0]!, days.quantiles.at(-1)!];
  return top.map((value, day) => value - bottom[day]!);
}

/** Why a statistic of a series of days does not exist. */
function why(series: Float64Array): string {
  return series.length < 2
    ? `defined on ${series.length} of the days, needs at least 2`
    : "the series has no variance";
}

function icSummary(days: HorizonDays, delay: number, notes: Notes, prefix: string): IcSummary {
  const series = defined(days.ic);
  const path = `${prefix}ic.${days.horizon}`;
  const reason = why(series);
  const lag = days.horizon + delay - 1;
  const terms = cosineTerms(series.length, days.horizon);
  const test = series.length > terms ? cosineTest(series, terms) : { t: NaN, p: NaN };
  const { t, p } = tTest(series);
  const deviation = standardDeviation(series);
  const grouped = days.icGroupAdjusted.length > 0;
  const statistic = (name: string, value: number): number | null =>
    notes.statistic(`${path}.${name}`, value, reason);
  return {
    mean: notes.statistic(`${path}.mean`, mean(series), "defined on no day"),
    std: statistic("std", deviation),
    ir: statistic("ir", deviation > 0 ? mean(series) / deviation : NaN),
    t_iid: statistic("t_iid", t),
    p_iid: statistic("p_iid", p),
    t_hac: statistic("t_hac", series.length < 2 ? NaN : neweyWestT(series, lag)),
    p_hac: statistic("p_hac", test.p),
    hac_lag: lag,
    hac_method: `t: Newey-West lag ${lag}; p: equal-weighted cosine, ${terms} terms, Student t`,
    skew: statistic("skew", skewness(series)),
    kurtosis: statistic("kurtosis", kurtosis(series)),
    days: series.length,
    mean_group_adjusted: notes.statistic(
      `${path}.mean_group_adjusted`,
      mean(defined(days.icGroupAdjusted)),
      grouped ? "defined on no day" : "no groups were given",
    ),
  };
}

function quantileSummary(days: HorizonDays, notes: Notes, prefix: string): QuantileSummary {
  const path = `${prefix}quantiles.${days.horizon}`;
  const demeaned = days.quantiles.map((column) =>
    column.map((value, day) => value - days.universe[day]!),
  );
  const means = (name: string, columns: readonly Float64Array[]): (number | null)[] =>
    columns.map((column, at) =>
      notes.statistic(`${path}.${name}[${at}]`, mean(defined(column)), "no day has names in it"),
    );
  const errors = (name: string, columns: readonly Float64Array[]): (number | null)[] =>
    columns.map((column, at) => {
      const series = defined(column);
      const error = standardDeviation(series) / Math.sqrt(series.length);
      return notes.statistic(`${path}.${name}[${at}]`, error, why(series));
    });
  return {
    mean_return: means("mean_return", days.quantiles),
    standard_error: errors("standard_error", days.quantiles),
    mean_return_demeaned: means("mean_return_demeaned", demeaned),
    standard_error_demeaned: errors("standard_error_demeaned", demeaned),
  };
}

/** Daily returns of the traded portfolio after a cost in basis points a side. */
export function netReturns({ gross, traded }: PortfolioDays, costBps: number): Float64Array {
  return gross.map((value, day) => value - (costBps / 10_000) * traded[day]!);
}

function longShortSummary(
  days: HorizonDays,
  portfolio: PortfolioDays,
  costBps: number,
  notes: Notes,
  prefix: string,
): LongShortSummary {
  const path = `${prefix}long_short.${days.horizon}`;
  const line = regress(days.longShort, days.universe);
  const { gross, traded } = portfolio;
  const reason = why(gross);
  const net = netReturns(portfolio, costBps);
  const statistic = (name: string, value: number, because = reason): number | null =>
    notes.statistic(`${path}.${name}`, value, because);
  const flat = "the universe's return has no variance over the days";
  return {
    mean_return: statistic("mean_return", mean(days.longShort), "no day was kept"),
    annual_alpha: statistic("annual_alpha", annualised(line.alpha, days.horizon), flat),
    beta: statistic("beta", line.beta, flat),
    sharpe: statistic("sharpe", sharpeRatio(gross)),
    max_drawdown: statistic("max_drawdown", maxDrawdown(gross), "the portfolio has no day"),
    turnover: statistic("turnover", mean(traded) / 2, "the portfolio has no day"),
    net_of_cost: {
      cost_bps: costBps,
      annual_return: statistic(
        "net_of_cost.annual_return",
        annualReturn(net),
        "the portfolio has no day",
      ),
      sharpe: statistic("net_of_cost.sharpe", sharpeRatio(net)),
    },
    capacity: capacityCostsBps.map((bps, at) => ({
      cost_bps: bps,
      sharpe: statistic(`capacity[${at}].sharpe`, sharpeRatio(netReturns(portfolio, bps))),
    })),
  };
}
