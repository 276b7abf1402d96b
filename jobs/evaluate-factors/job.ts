import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import type { Provenance } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";
import type { Settings } from "../../shared/env.ts";
import { messageOf, QuarryError } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";
import type { EvaluateArgs, OwnSignal } from "./args.ts";
import { Evaluator, type Measured } from "./evaluate.ts";
import { recordEvaluations } from "./record.ts";
import { prepareStored } from "./from-warehouse.ts";
import { judgeAll, ownBook, recordTrials, trialsOfRun, type TrialBook } from "./judge.ts";
import { prepareOwn } from "./own-signal.ts";
import type { Prepared } from "./prepared.ts";

export interface EvaluateReport {
  readonly results: readonly EvaluationResult[];
  /** Sources of prices, the preferred first. */
  readonly sources: readonly string[];
  /** Pages written, the one to open first; empty without `--html`. */
  readonly pages: readonly string[];
}

/** What evaluating a signal of one's own needs: no warehouse. */
export interface OwnDeps {
  readonly settings: Settings;
  readonly log: Log;
  readonly progress: Progress;
  readonly now: () => number;
  readonly runId: string;
  /** Opens the warehouse if there is one. */
  readonly openWarehouse: (() => Promise<Warehouse>) | undefined;
}

/** Evaluates factors of the warehouse, and records each as a trial and an evaluation there. */
export async function run(
  names: readonly string[],
  args: EvaluateArgs,
  deps: Deps,
  signal: AbortSignal,
  truths?: ReadonlyMap<string, string>,
): Promise<EvaluateReport> {
  const prepared = await prepareStored(names, args, deps);
  const { evaluator, measured } = await measureAll(prepared, args, deps.progress, signal);
  const rows = trialsOfRun(measured, args);
  const book = await recordTrials(deps.warehouse, rows, { runId: deps.runId, nowMs: deps.now() });
  const results = judgeAll(measured, rows, book, args);
  const origin = { runId: deps.runId, nowMs: deps.now() };
  await recordEvaluations(deps.warehouse, results, measured, args, origin);
  const pages = await pagesOf(prepared, evaluator, measured, results, args, deps, truths);
  return { results, sources: prepared.sources, pages };
}

/** Evaluates a signal of the user's own from files; its trials are recorded in the warehouse if there is one. */
export async function runOwn(
  own: OwnSignal,
  args: EvaluateArgs,
  deps: OwnDeps,
  signal: AbortSignal,
): Promise<EvaluateReport> {
  const prepared = await prepareOwn(own, args);
  const { evaluator, measured } = await measureAll(prepared, args, deps.progress, signal);
  const rows = trialsOfRun(measured, args);
  const results = judgeAll(measured, rows, await bookOf(deps, rows, args), args);
  const pages = await pagesOf(prepared, evaluator, measured, results, args, deps, undefined);
  return { results, sources: prepared.sources, pages };
}

async function measureAll(
  prepared: Prepared,
  args: EvaluateArgs,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ evaluator: Evaluator; measured: Measured[] }> {
  const evaluator = new Evaluator(prepared, args);
  try {
    const task = progress.start("evaluate factors", prepared.factors.length);
    const underWay: Promise<Measured>[] = [];
    for (const factor of prepared.factors) {
      signal.throwIfAborted();
      const { done } = await evaluator.begin(factor);
      const counted = done.then((measured) => {
        task.advance();
        return measured;
      });
      // A failure is thrown below, in the order of factors.
      counted.catch(() => undefined);
      underWay.push(counted);
    }
    const measured = await Promise.all(underWay);
    task.end();
    return { evaluator, measured };
  } finally {
    await evaluator.close();
  }
}

/** A warehouse that can't be had now must not keep anybody from looking at a signal; the result says so. */
async function bookOf(
  { openWarehouse, runId, now }: OwnDeps,
  rows: ReturnType<typeof trialsOfRun>,
  args: EvaluateArgs,
): Promise<TrialBook> {
  if (openWarehouse === undefined) return ownBook(rows, args);
  let warehouse: Warehouse;
  try {
    warehouse = await openWarehouse();
  } catch (thrown) {
    if (!(thrown instanceof QuarryError)) throw thrown;
    return ownBook(rows, args, messageOf(thrown));
  }
  try {
    return await recordTrials(warehouse, rows, { runId, nowMs: now() });
  } finally {
    await warehouse.close();
  }
}

async function pagesOf(
  prepared: Prepared,
  evaluator: Evaluator,
  measured: readonly Measured[],
  results: readonly EvaluationResult[],
  args: EvaluateArgs,
  { runId, now }: Pick<Deps, "runId" | "now">,
  truths: ReadonlyMap<string, string> | undefined,
): Promise<string[]> {
  if (args.html === undefined) return [];
  const provenance: Provenance = {
    runId,
    codeVersion: codeVersion(),
    generatedAt: new Date(now()).toISOString(),
    prices: prepared.label,
    universe: args.universe?.file ?? "all securities",
    simulated: prepared.simulated,
  };
  const { writePages } = await import("./pages.ts");
  return writePages({ folder: args.html, measured, results, evaluator, provenance, truths });
}
