import { deflatedSharpe, expectedMaximumSharpe } from "./deflated-sharpe.ts";
import type { Evaluated } from "./evaluate.ts";
import { benjaminiHochberg } from "./false-discovery.ts";
import { turned } from "./overlapping-portfolios.ts";
import { kurtosis, mean, skewness, standardDeviation } from "./moments.ts";
import { orNull } from "./notes.ts";
import type { DeflatedSharpeSummary, EvaluationResult, FalseDiscovery } from "./result.ts";

/** A trial as the multiple-testing control counts it: one factor at one horizon. */
export interface Trial {
  /** The same for the same factor, values, universe, days, horizon, delay and parameters. */
  readonly id: string;
  /** Rows of the horizon. */
  readonly horizon: number;
  /** Null where the test was undefined. */
  readonly p: number | null;
  /** Sharpe ratio of the portfolio traded in the declared direction, per day, before cost; null where undefined. */
  readonly sharpe: number | null;
}

export interface VerdictOptions {
  /** Share of false discoveries that is accepted among those that pass. */
  readonly q: number;
  readonly trialsFrom: FalseDiscovery["trials_from"];
  /** Trials in all, where nobody recorded them; at least those at hand. */
  readonly trials?: number | undefined;
}

/** The trials of one evaluation, one a horizon. */
export function trialsOf(
  { result, daily, direction }: Pick<Evaluated, "result" | "daily" | "direction">,
  idOf: (horizon: number) => string,
): Trial[] {
  return daily.portfolios.map(({ horizon, gross }) => ({
    id: idOf(horizon),
    horizon,
    p: result.ic[String(horizon)]!.p_hac,
    sharpe: orNull((direction * mean(gross)) / standardDeviation(gross)),
  }));
}

/**
 * Judges one evaluation against every trial ever made: Benjamini and Hochberg over all p-values, and the deflated Sharpe
 * ratio at each horizon.
 *
 * @param own the evaluation's trials
 * @param others all trials known, which may contain `own`
 */
export function judge(
  evaluated: Evaluated,
  own: readonly Trial[],
  others: readonly Trial[],
  { q, trialsFrom, trials }: VerdictOptions,
): EvaluationResult["fdr"] {
  const all = new Map([...others, ...own].map((trial) => [trial.id, trial]));
  const count = Math.max(trials ?? 0, all.size);
  const tested = [...all.values()].filter((trial) => trial.p !== null);
  const adjusted = benjaminiHochberg(
    tested.map((trial) => trial.p!),
    count,
  );
  const adjustedById = new Map(tested.map((trial, at) => [trial.id, adjusted[at]!]));
  return {
    method: "benjamini-hochberg",
    q,
    trials: count,
    trials_from: trialsFrom,
    p_adjusted: Object.fromEntries(
      own.map(({ id, horizon }) => [String(horizon), adjustedById.get(id) ?? null]),
    ),
    rejected: Object.fromEntries(
      own.map(({ id, horizon }) => [String(horizon), (adjustedById.get(id) ?? 1) <= q]),
    ),
    deflated_sharpe: Object.fromEntries(
      own.map((trial, at) => [
        String(trial.horizon),
        deflated(
          turned(evaluated.daily.portfolios[at]!, evaluated.direction).gross,
          trial,
          [...all.values()],
          count,
        ),
      ]),
    ),
  };
}

function deflated(
  gross: Float64Array,
  own: Trial,
  all: readonly Trial[],
  count: number,
): DeflatedSharpeSummary {
  const peers = all.filter((trial) => trial.horizon === own.horizon);
  const sharpes = Float64Array.from(
    peers.flatMap((trial) => (trial.sharpe === null ? [] : [trial.sharpe])),
  );
  // Trials that nobody listed count too, at the share of this horizon among those listed.
  const trials = Math.round((count * peers.length) / all.length);
  const input = {
    sharpe: own.sharpe ?? NaN,
    observations: gross.length,
    skewness: skewness(gross),
    kurtosis: kurtosis(gross) + 3,
    trials,
    variance: standardDeviation(sharpes) ** 2,
  };
  return {
    probability: orNull(deflatedSharpe(input)),
    sharpe: own.sharpe,
    expected_maximum: orNull(trials < 2 ? NaN : expectedMaximumSharpe(trials, input.variance)),
    variance_of_trials: orNull(input.variance),
    trials,
    observations: gross.length,
    skew: orNull(input.skewness),
    kurtosis: orNull(input.kurtosis),
  };
}
