import { evaluateDaily, type DailyEvaluation } from "./daily.ts";
import { ForwardReturns, type ForwardReturnOptions } from "./forward-returns.ts";
import { defined, mean } from "./moments.ts";
import { Notes, orNull } from "./notes.ts";
import type { ByHorizon, EvaluationResult, Note, Statistic } from "./result.ts";
import { turned } from "./overlapping-portfolios.ts";
import { sharpeRatio } from "./performance.ts";
import { netReturns, spread, summarise } from "./summary.ts";
import type { DayTable, EvaluationInput } from "./tables.ts";

/** What is asked of one factor. */
export interface EvaluationOptions {
  /** Name in the result. */
  readonly factor: string;
  /** Equal parts of a day, 2 to 80. */
  readonly quantiles: number;
  /** Cost of a trade, basis points of its value a side. */
  readonly costBps: number;
  /** +1 where high values are expected to earn more, and for an own signal, which declares nothing; -1 where less. */
  readonly direction?: 1 | -1 | undefined;
  /** The same factor made neutral to something, and to what. */
  readonly neutralized?: { readonly by: readonly string[]; readonly factor: DayTable } | undefined;
}

/** A factor's statistics before the multiple-testing verdict, which needs all trials. */
export interface Evaluated {
  readonly result: Omit<EvaluationResult, "fdr" | "by_date">;
  /** The days behind it, for charts and series. */
  readonly daily: DailyEvaluation;
  /** In which direction the factor is traded: +1 long high values, -1 long low ones. */
  readonly direction: 1 | -1;
  /** Days of the factor table, to name the rows of `daily.days`. */
  readonly factorDays: DayTable["days"];
}

/** The return from the last price on that the sensitivity check assumes where nobody knows it. */
const severeDelistingReturn = -0.3;

/**
 * Evaluates one factor.
 *
 * @param input factor and prices over the same columns
 * @param forward forward returns of `input.prices`; shared between factors on the same prices
 */
export function evaluateFactor(
  input: EvaluationInput,
  forward: ForwardReturns,
  options: EvaluationOptions,
): Evaluated {
  const notes = new Notes();
  const { delay } = forward.options;
  const daily = evaluateDaily(input, forward, options.quantiles);
  const { neutralized } = options;
  const days = daily.days;
  const dayOf = (row: number | undefined): string | null =>
    row === undefined ? null : input.factor.days[row]!;
  if (days.length === 0) {
    notes.add(
      "days",
      "no day was kept: no value has returns at all horizons on a day that can be cut into quantiles",
    );
  }
  const summary = summarise(daily, { delay, costBps: options.costBps }, notes);
  const share = (path: string, lost: number): Statistic =>
    notes.statistic(path, lost / daily.rowsIn, "no value came in");
  const direction = options.direction ?? 1;
  return {
    daily,
    direction,
    factorDays: input.factor.days,
    result: {
      factor: options.factor,
      delay,
      days: days.length,
      rows: daily.coverage.reduce((sum, names) => sum + names, 0),
      first_day: dayOf(days[0]),
      last_day: dayOf(days.at(-1)),
      coverage: {
        mean: notes.statistic("coverage.mean", meanOf(daily.coverage), "no day was kept"),
        min: daily.coverage.length === 0 ? 0 : Math.min(...daily.coverage),
        max: daily.coverage.length === 0 ? 0 : Math.max(...daily.coverage),
      },
      dropped: {
        forward_returns: share("dropped.forward_returns", daily.lostToReturns),
        binning: share("dropped.binning", daily.lostToBinning),
      },
      horizons: forward.horizons,
      ...summary,
      declared: {
        direction,
        net_sharpe: Object.fromEntries(
          daily.portfolios.map((portfolio) => [
            String(portfolio.horizon),
            orNull(sharpeRatio(netReturns(turned(portfolio, direction), options.costBps))),
          ]),
        ),
      },
      ic_by_group: icByGroup(input, daily, notes),
      ic_monthly: icMonthly(input, daily),
      ...(neutralized && {
        neutralized: {
          by: neutralized.by,
          ...summarise(
            evaluateDaily({ ...input, factor: neutralized.factor }, forward, options.quantiles),
            { delay, costBps: options.costBps },
            notes,
            "neutralized.",
          ),
        },
      }),
      ...(forward.options.endings && {
        delistings: delistingSensitivity(input, forward.options, options.quantiles, daily),
      }),
      notes: notes.all(),
    },
  };
}

/** The series behind the means, for `--series`. */
export function seriesOf({
  daily,
  factorDays,
}: Evaluated): NonNullable<EvaluationResult["by_date"]> {
  const column = (values: Float64Array): Statistic[] => Array.from(values, orNull);
  const byHorizon = (pick: (at: number) => Float64Array): ByHorizon<Statistic[]> =>
    Object.fromEntries(daily.horizons.map((h, at) => [String(h.horizon), column(pick(at))]));
  return {
    days: Array.from(daily.days, (row) => factorDays[row]!),
    ic: byHorizon((at) => daily.horizons[at]!.ic),
    spread: byHorizon((at) => spread(daily.horizons[at]!)),
    long_short: byHorizon((at) => daily.horizons[at]!.longShort),
  };
}

/** The complete document, with the verdict. */
export function document(
  evaluated: Evaluated,
  fdr: EvaluationResult["fdr"],
  extra: { readonly series: boolean; readonly notes: readonly Note[] },
): EvaluationResult {
  const { notes, ...result } = evaluated.result;
  return {
    ...result,
    fdr,
    ...(extra.series && { by_date: seriesOf(evaluated) }),
    notes: [...notes, ...extra.notes],
  };
}

function meanOf(values: Int32Array): number {
  return mean(Float64Array.from(values));
}

function icByGroup(
  input: EvaluationInput,
  daily: DailyEvaluation,
  notes: Notes,
): EvaluationResult["ic_by_group"] {
  const names = input.groups?.names ?? [];
  return Object.fromEntries(
    names.map((name, group) => [
      name,
      Object.fromEntries(
        daily.horizons.map(({ horizon, icByGroup }) => [
          String(horizon),
          notes.statistic(
            `ic_by_group.${name}.${horizon}`,
            mean(defined(icByGroup[group]!)),
            "no day with 2 names and variance in the group",
          ),
        ]),
      ),
    ]),
  );
}

function icMonthly(input: EvaluationInput, daily: DailyEvaluation): EvaluationResult["ic_monthly"] {
  const months = new Map<string, number[]>();
  for (const [at, row] of daily.days.entries()) {
    const month = input.factor.days[row]!.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), at]);
  }
  return Object.fromEntries(
    Array.from(months, ([month, days]) => [
      month,
      Object.fromEntries(
        daily.horizons.map(({ horizon, ic }) => [
          String(horizon),
          orNull(mean(defined(Float64Array.from(days, (at) => ic[at]!)))),
        ]),
      ),
    ]),
  );
}

function delistingSensitivity(
  input: EvaluationInput,
  options: ForwardReturnOptions,
  quantiles: number,
  daily: DailyEvaluation,
): NonNullable<EvaluationResult["delistings"]> {
  const severe =
    daily.unknownDelistings === 0
      ? daily
      : evaluateDaily(
          { factor: input.factor, prices: input.prices },
          new ForwardReturns(input.prices, {
            ...options,
            keepOrders: false,
            delistingReturn: severeDelistingReturn,
          }),
          quantiles,
        );
  const byHorizon = (series: (at: number) => Float64Array): ByHorizon<Statistic> =>
    Object.fromEntries(
      severe.horizons.map(({ horizon }, at) => [
        String(horizon),
        orNull(mean(defined(series(at)))),
      ]),
    );
  return {
    unknown: daily.unknownDelistings,
    assumed_return: options.delistingReturn ?? 0,
    at_minus_30_percent: {
      ic_mean: byHorizon((at) => severe.horizons[at]!.ic),
      spread_mean: byHorizon((at) => spread(severe.horizons[at]!)),
    },
  };
}
