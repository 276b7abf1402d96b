import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readGroups } from "../../../jobs/evaluate-factors/groups.ts";
import { runOwn } from "../../../jobs/evaluate-factors/job.ts";
import { readSettings } from "../../../shared/env.ts";
import type { EvaluationResult } from "../../../shared/evaluation/result.ts";
import { openLog } from "../../../shared/log.ts";
import { noProgress } from "../../../shared/progress.ts";
import { allCloseTo, closeTo } from "./close-to.ts";
import { recordedText, type Captured } from "./recorded.ts";

interface Expected {
  n_rows: number;
  n_dates: number;
  ic_by_date: Captured;
  ic_mean: Captured;
  ic_std_ddof1: Captured;
  ic_t_stat_iid: Record<string, number>;
  ic_p_iid: Record<string, number>;
  risk_adjusted_ic: Captured;
  ic_skew: Captured;
  ic_kurtosis: Captured;
  ic_mean_group_adjust: Captured;
  ic_monthly_mean: Captured;
  ic_by_group_mean: Captured;
  mean_return_by_quantile_demeaned_True: Captured;
  std_err_by_quantile_demeaned_True: Captured;
  mean_return_by_quantile_demeaned_False: Captured;
  std_err_by_quantile_demeaned_False: Captured;
  spread_top_bottom_by_date: Captured;
  spread_mean: Captured;
  quantile_turnover_mean: Record<string, Record<string, number>>;
  factor_rank_autocorrelation_mean: Record<string, number>;
  factor_returns_long_short_by_date: Captured;
  factor_returns_mean: Captured;
  factor_returns_equal_weight_mean: Captured;
  factor_alpha_beta: Captured;
  ic_newey_west_statsmodels: Record<string, Record<string, { t: number }>>;
}

const horizons = [1, 5, 10, 21];
const data = (name: string): string =>
  fileURLToPath(
    new URL(`../../../../shared/data/F_reference/alphalens_real/${name}`, import.meta.url),
  );

/** Column of a frame. */
function column(frame: Captured, at: number): (number | null)[] {
  return frame.data.map((row) => (row as readonly (number | null)[])[at]!);
}

/** Entry of a series. */
function entry(series: Captured, at: number): number {
  return series.data[at] as number;
}

// The whole path: two gzipped CSV files and JSON groups in, the contract's JSON out. The expected numbers are
// alphalens-reloaded's on the same files, and statsmodels' for the Newey-West t.
describe("an evaluation of recorded prices equals alphalens", () => {
  let expected: Expected;
  let result: EvaluationResult;

  before(async function () {
    this.timeout(120_000);
    expected = JSON.parse(recordedText(this, "alphalens_real/expected_rev_5.json")) as Expected;
    const report = await runOwn(
      { values: data("factor_rev_5.csv.gz"), prices: data("prices_adjclose.csv.gz") },
      {
        horizons,
        quantiles: 5,
        delay: 0,
        groups: await readGroups(data("groups.json")),
        universe: undefined,
        minPrice: undefined,
        minAdv: undefined,
        neutralize: [],
        costBps: 10,
        q: 0.05,
        delistingReturn: undefined,
        trials: undefined,
        series: true,
        html: undefined,
        from: undefined,
        to: undefined,
      },
      {
        settings: readSettings({}, {}),
        log: openLog("silent"),
        progress: noProgress,
        now: () => 0,
        runId: "parity",
        openWarehouse: undefined,
      },
      new AbortController().signal,
    );
    result = JSON.parse(JSON.stringify(report.results[0])) as EvaluationResult;
  });

  it("in which rows and days are kept", () => {
    assert.equal(result.rows, expected.n_rows);
    assert.equal(result.days, expected.n_dates);
    assert.equal(result.dropped.binning, 0);
    // "Dropped 1.7% entries from factor data: 1.7% in forward returns computation"
    assert.equal(Math.round(result.dropped.forward_returns! * 1000), 17);
  });

  for (const [at, horizon] of horizons.entries()) {
    const key = String(horizon);
    const label = `${horizon}D`;
    describe(`at horizon ${horizon}`, () => {
      it("in the information coefficient of every day", () => {
        allCloseTo(result.by_date!.ic[key]!, column(expected.ic_by_date, at), "ic");
        assert.deepEqual(
          result.by_date!.days,
          expected.ic_by_date.index.map((day) => (day as string).slice(0, 10)),
        );
      });

      it("in its mean, deviation, t, p, skewness and kurtosis", () => {
        const ic = result.ic[key]!;
        closeTo(ic.mean, entry(expected.ic_mean, at), "mean");
        closeTo(ic.std, entry(expected.ic_std_ddof1, at), "std");
        closeTo(ic.ir, entry(expected.risk_adjusted_ic, at), "ir");
        closeTo(ic.t_iid, expected.ic_t_stat_iid[label]!, "t");
        closeTo(ic.p_iid, expected.ic_p_iid[label]!, "p");
        closeTo(ic.skew, entry(expected.ic_skew, at), "skew");
        closeTo(ic.kurtosis, entry(expected.ic_kurtosis, at), "kurtosis");
        closeTo(ic.mean_group_adjusted, entry(expected.ic_mean_group_adjust, at), "group adjusted");
      });

      it("in the Newey-West t of statsmodels", () => {
        assert.equal(result.ic[key]!.hac_lag, horizon - 1);
        const lag = `lag${horizon - 1}_smallsampleFalse`;
        closeTo(result.ic[key]!.t_hac, expected.ic_newey_west_statsmodels[label]![lag]!.t, "t_hac");
      });

      it("in the coefficient by month and by group", () => {
        const months = column(expected.ic_monthly_mean, at);
        for (const [row, end] of expected.ic_monthly_mean.index.entries()) {
          const month = (end as string).slice(0, 7);
          closeTo(result.ic_monthly[month]![key]!, months[row]!, month);
        }
        const groups = column(expected.ic_by_group_mean, at);
        for (const [row, group] of expected.ic_by_group_mean.index.entries()) {
          closeTo(result.ic_by_group[group as string]![key]!, groups[row]!, group as string);
        }
      });

      it("in returns by quantile, their errors, and the spread", () => {
        const quantiles = result.quantiles[key]!;
        const of = (name: keyof Expected): (number | null)[] =>
          column(expected[name] as Captured, at);
        allCloseTo(quantiles.mean_return, of("mean_return_by_quantile_demeaned_False"), "mean");
        allCloseTo(quantiles.standard_error, of("std_err_by_quantile_demeaned_False"), "error");
        allCloseTo(
          quantiles.mean_return_demeaned,
          of("mean_return_by_quantile_demeaned_True"),
          "demeaned",
        );
        allCloseTo(
          quantiles.standard_error_demeaned,
          of("std_err_by_quantile_demeaned_True"),
          "demeaned error",
        );
        closeTo(result.spread[key]!.mean, entry(expected.spread_mean, at), "spread");
        allCloseTo(result.by_date!.spread[key]!, of("spread_top_bottom_by_date"), "spread by day");
      });

      it("in turnover and rank autocorrelation", () => {
        const turnover = expected.quantile_turnover_mean[key]!;
        allCloseTo(
          result.turnover[key]!,
          ["1", "2", "3", "4", "5"].map((q) => turnover[q]!),
          "turnover",
        );
        closeTo(
          result.rank_autocorrelation[key]!,
          expected.factor_rank_autocorrelation_mean[key]!,
          "autocorrelation",
        );
      });

      it("in long-short returns, alpha and beta", () => {
        const longShort = result.long_short[key]!;
        allCloseTo(
          result.by_date!.long_short[key]!,
          column(expected.factor_returns_long_short_by_date, at),
          "by day",
        );
        closeTo(longShort.mean_return, entry(expected.factor_returns_mean, at), "mean");
        closeTo(
          result.equal_weight[key]!.mean_return,
          entry(expected.factor_returns_equal_weight_mean, at),
          "equal weight",
        );
        const [alpha, beta] = column(expected.factor_alpha_beta, at);
        closeTo(longShort.annual_alpha, alpha!, "alpha");
        closeTo(longShort.beta, beta!, "beta");
      });
    });
  }
});
