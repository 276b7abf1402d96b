import { createHash } from "node:crypto";
import { messageOf, QuarryError } from "../../shared/errors.ts";
import { document } from "../../shared/evaluation/evaluate.ts";
import type { EvaluationResult, FalseDiscovery } from "../../shared/evaluation/result.ts";
import { judge, trialsOf, type Trial } from "../../shared/evaluation/verdict.ts";
import { addTrials, allTrials, type TrialRow } from "../../shared/warehouse/tables/trials.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { EvaluateArgs } from "./args.ts";
import type { MeasuredFactor } from "./evaluate.ts";

/** Where trials are counted. */
export interface TrialBook {
  readonly from: FalseDiscovery["trials_from"];
  /** All trials known, these ones included. */
  readonly trials: readonly Trial[];
  /** Why nothing could be recorded; undefined where all is well. */
  readonly note: string | undefined;
}

/** The trials of a run: one a factor and horizon, told apart by all that makes a trial. */
export function trialsOfRun(measured: readonly MeasuredFactor[], args: EvaluateArgs): TrialRow[] {
  return measured.flatMap(({ factor, evaluated }) => {
    const { result } = evaluated;
    const universe = args.universe?.file ?? "all";
    const [from, to] = [result.first_day ?? "1970-01-01", result.last_day ?? "1970-01-01"];
    const parameters = JSON.stringify({
      quantiles: args.quantiles,
      minPrice: args.minPrice ?? null,
      minAdv: args.minAdv ?? null,
      delistingReturn: args.delistingReturn ?? null,
    });
    // An own signal is told by its values, whatever its file is called.
    const name = factor.words === undefined ? "" : factor.name;
    const idOf = (horizon: number): string =>
      createHash("sha256")
        .update(
          JSON.stringify([
            name,
            factor.version,
            universe,
            from,
            to,
            horizon,
            args.delay,
            parameters,
          ]),
        )
        .digest("hex")
        .slice(0, 32);
    return trialsOf(evaluated, idOf).map(({ id, horizon, p, sharpe }) => ({
      trialId: id,
      factor: factor.name,
      version: factor.version,
      universe,
      from,
      to,
      horizon,
      delay: args.delay,
      parameters,
      icMean: result.ic[String(horizon)]!.mean,
      tHac: result.ic[String(horizon)]!.t_hac,
      pHac: p,
      sharpe,
    }));
  });
}

function asTrial(row: Pick<TrialRow, "trialId" | "horizon" | "pHac" | "sharpe">): Trial {
  return { id: row.trialId, horizon: row.horizon, p: row.pHac, sharpe: row.sharpe };
}

/** Records trials in the warehouse, and opens the book of all of them. */
export async function recordTrials(
  warehouse: Warehouse,
  rows: readonly TrialRow[],
  origin: { readonly runId: string; readonly nowMs: number },
): Promise<TrialBook> {
  await addTrials(warehouse, rows, origin);
  const trials = (await allTrials(warehouse)).map(asTrial);
  return { from: "warehouse", trials, note: undefined };
}

/** A book of nothing but this run, or of a number the user gives. */
export function ownBook(rows: readonly TrialRow[], args: EvaluateArgs, note?: unknown): TrialBook {
  return {
    from: args.trials === undefined ? "this run only" : "--trials",
    trials: rows.map(asTrial),
    note: note instanceof QuarryError ? messageOf(note) : undefined,
  };
}

/** Judges each factor against the book. */
export function judgeAll(
  measured: readonly MeasuredFactor[],
  rows: readonly TrialRow[],
  book: TrialBook,
  args: EvaluateArgs,
): EvaluationResult[] {
  return measured.map(({ factor, evaluated, notes }) => {
    const own = rows
      .filter((row) => row.factor === factor.name && row.version === factor.version)
      .map(asTrial);
    const fdr = judge(evaluated, own, book.trials, {
      q: args.q,
      trialsFrom: book.from,
      trials: args.trials,
    });
    const asides =
      book.from === "this run only"
        ? [{ path: "fdr", reason: `trials: this run only${book.note ? ` (${book.note})` : ""}` }]
        : [];
    return document(evaluated, fdr, { series: args.series, notes: [...notes, ...asides] });
  });
}
