/**
 * The JSON of `quarry evaluate`, as `docs/evaluation.md` says. Keys are the contract's. A statistic is null only where it
 * is undefined, and `notes` says why. Returns are fractions over the whole horizon unless a name says otherwise.
 */

/** One value a horizon, the horizon as text: `{"5": 0.03}`. */
export type ByHorizon<Value> = Record<string, Value>;

export type Statistic = number | null;

export interface IcSummary {
  readonly mean: Statistic;
  /** Sample standard deviation over days, ddof 1. */
  readonly std: Statistic;
  /** mean / std, not annualised. */
  readonly ir: Statistic;
  readonly t_iid: Statistic;
  readonly p_iid: Statistic;
  /** Newey-West, Bartlett, `hac_lag`. */
  readonly t_hac: Statistic;
  /** From the test that `hac_method` names, whose size holds under overlap and persistence. */
  readonly p_hac: Statistic;
  readonly hac_lag: number;
  readonly hac_method: string;
  readonly skew: Statistic;
  readonly kurtosis: Statistic;
  /** Days on which the coefficient is defined. */
  readonly days: number;
  readonly mean_group_adjusted: Statistic;
}

/** Lowest quantile first. */
export interface QuantileSummary {
  readonly mean_return: readonly Statistic[];
  readonly standard_error: readonly Statistic[];
  readonly mean_return_demeaned: readonly Statistic[];
  readonly standard_error_demeaned: readonly Statistic[];
}

export interface LongShortSummary {
  readonly mean_return: Statistic;
  readonly annual_alpha: Statistic;
  readonly beta: Statistic;
  /** Of the traded portfolio, before cost. */
  readonly sharpe: Statistic;
  readonly max_drawdown: Statistic;
  /** Mean daily sum |dw| / 2. */
  readonly turnover: Statistic;
  readonly net_of_cost: {
    readonly cost_bps: number;
    readonly annual_return: Statistic;
    readonly sharpe: Statistic;
  };
  /** Net Sharpe ratio by cost a side. */
  readonly capacity: readonly { readonly cost_bps: number; readonly sharpe: Statistic }[];
}

/** What is said of a factor, raw or neutralised. */
export interface FactorSummary {
  readonly ic: ByHorizon<IcSummary>;
  readonly quantiles: ByHorizon<QuantileSummary>;
  readonly spread: ByHorizon<{ readonly mean: Statistic }>;
  readonly turnover: ByHorizon<readonly Statistic[]>;
  readonly rank_autocorrelation: ByHorizon<Statistic>;
  readonly long_short: ByHorizon<LongShortSummary>;
  readonly equal_weight: ByHorizon<{ readonly mean_return: Statistic }>;
}

export interface DeflatedSharpeSummary {
  /** Probability that the true Sharpe ratio is positive. */
  readonly probability: Statistic;
  /** Inputs, per day, in the declared direction. */
  readonly sharpe: Statistic;
  readonly expected_maximum: Statistic;
  readonly variance_of_trials: Statistic;
  readonly trials: number;
  readonly observations: number;
  readonly skew: Statistic;
  readonly kurtosis: Statistic;
}

export interface FalseDiscovery {
  readonly method: "benjamini-hochberg";
  readonly q: number;
  /** Trials counted, this run's included. */
  readonly trials: number;
  /** Where the count comes from. */
  readonly trials_from: "warehouse" | "--trials" | "this run only";
  readonly p_adjusted: ByHorizon<Statistic>;
  /** True where the factor passed; false where it is indistinguishable from luck, or undefined. */
  readonly rejected: ByHorizon<boolean>;
  readonly deflated_sharpe: ByHorizon<DeflatedSharpeSummary>;
}

export interface Note {
  /** Where in this document, `ic.5.mean`. */
  readonly path: string;
  readonly reason: string;
}

export interface EvaluationResult extends FactorSummary {
  readonly factor: string;
  /** Sessions between the factor's day and the trade. */
  readonly delay: number;
  /** Kept days. */
  readonly days: number;
  /** Kept rows. */
  readonly rows: number;
  readonly first_day: string | null;
  readonly last_day: string | null;
  /** Names a kept day. */
  readonly coverage: { readonly mean: Statistic; readonly min: number; readonly max: number };
  /** Fractions of the values that came in. */
  readonly dropped: { readonly forward_returns: Statistic; readonly binning: Statistic };
  readonly horizons: readonly number[];
  /** The traded portfolio in the direction that the factor's sign declares; `long_short` is long high values always. */
  readonly declared: { readonly direction: 1 | -1; readonly net_sharpe: ByHorizon<Statistic> };
  readonly ic_by_group: Record<string, ByHorizon<Statistic>>;
  readonly ic_monthly: Record<string, ByHorizon<Statistic>>;
  readonly fdr: FalseDiscovery;
  /** Reported beside the raw factor, never instead of it. */
  readonly neutralized?: FactorSummary & { readonly by: readonly string[] };
  /** What unknown delisting returns could change. */
  readonly delistings?: {
    readonly unknown: number;
    readonly assumed_return: number;
    readonly at_minus_30_percent: {
      readonly ic_mean: ByHorizon<Statistic>;
      readonly spread_mean: ByHorizon<Statistic>;
    };
  };
  readonly by_date?: {
    readonly days: readonly string[];
    readonly ic: ByHorizon<readonly Statistic[]>;
    readonly spread: ByHorizon<readonly Statistic[]>;
    readonly long_short: ByHorizon<readonly Statistic[]>;
  };
  readonly notes: readonly Note[];
}
