import { CrossSection } from "./cross-section.ts";
import type { ForwardReturns } from "./forward-returns.ts";
import { GroupMeasure } from "./group-measure.ts";
import { emptyHorizonDays, firstDays, measureHorizon, type HorizonDays } from "./horizon-days.ts";
import { OverlappingPortfolios, type PortfolioDays } from "./overlapping-portfolios.ts";
import { groupsOn, rowsByDay, type EvaluationInput } from "./tables.ts";
import { TurnoverTracker, type Turnover } from "./turnover.ts";

/** Everything one walk over the days of a factor gives. */
export interface DailyEvaluation {
  /** Rows of the factor table that were kept, ascending. */
  readonly days: Int32Array;
  /** Names kept on each kept day. */
  readonly coverage: Int32Array;
  /** Values that came in. */
  readonly rowsIn: number;
  /** Of those, the ones without returns at all horizons. */
  readonly lostToReturns: number;
  /** Of those, the ones on days whose quantile edges coincide. */
  readonly lostToBinning: number;
  /** Kept rows whose returns run into the end of a security whose delisting return nobody knows. */
  readonly unknownDelistings: number;
  readonly horizons: readonly HorizonDays[];
  readonly turnover: readonly Turnover[];
  readonly portfolios: readonly PortfolioDays[];
}

/**
 * Walks the days of a factor once and computes, day by day and horizon by horizon, all that the evaluation averages.
 *
 * A row (day, asset) is kept where the factor has a value and returns at all horizons exist; a day whose quantile edges
 * coincide is dropped whole. Time: a sort a day for the factor and one a horizon for the returns.
 *
 * @param input factor and prices over the same columns
 * @param forward forward returns of `input.prices`; its horizons are the ones evaluated
 * @param quantiles into how many equal parts each day is cut, 2 to 80
 */
export function evaluateDaily(
  input: EvaluationInput,
  forward: ForwardReturns,
  quantiles: number,
): DailyEvaluation {
  const { factor, prices, groups } = input;
  const width = factor.assets.length;
  const priceRow = rowsByDay(factor.days, prices.days);
  const section = new CrossSection(width, quantiles);
  const groupMeasure = groups && new GroupMeasure(width, groups.names.length);
  const turnover = new TurnoverTracker(forward.horizons, quantiles);
  const portfolios = new OverlappingPortfolios(prices, forward.options);
  const horizons = forward.horizons.map((horizon) =>
    emptyHorizonDays(horizon, factor.days.length, quantiles, groups?.names.length ?? 0),
  );
  const days: number[] = [];
  const coverage: number[] = [];
  let rowsIn = 0;
  let complete = 0;
  let kept = 0;
  let unknownDelistings = 0;

  for (const [day, row] of priceRow.entries()) {
    if (row >= 0) forward.load(row);
    else forward.complete.fill(0);
    section.select(factor.values.subarray(day * width, (day + 1) * width), forward.complete);
    rowsIn += section.valuesIn;
    complete += section.count;
    if (!section.rank()) continue;
    section.weigh();
    const orders = forward.orders(row);
    if (groups) groupMeasure!.startDay(groupsOn(groups.of, day, width));
    for (const [h, into] of horizons.entries()) {
      measureHorizon(section, forward.returns[h]!, orders[h]!, into, days.length);
      groupMeasure?.measure(section, forward.returns[h]!, orders[h]!, into, days.length);
    }
    turnover.add(section);
    portfolios.add(row, section);
    if (forward.options.endings) unknownDelistings += countEnded(section, forward.ended);
    kept += section.count;
    days.push(day);
    coverage.push(section.count);
  }
  return {
    days: Int32Array.from(days),
    coverage: Int32Array.from(coverage),
    rowsIn,
    lostToReturns: rowsIn - complete,
    lostToBinning: complete - kept,
    unknownDelistings,
    horizons: horizons.map((columns) => firstDays(columns, days.length)),
    turnover: turnover.finish(),
    portfolios: portfolios.finish(),
  };
}

function countEnded({ assets, count }: CrossSection, ended: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += ended[assets[at]!]!;
  return sum;
}
