import { z } from "zod";
import { failedIn, type FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { receiptsOfUnits } from "../../shared/backfill/receipt.ts";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import { Failed, SourceUnavailable } from "../../shared/errors.ts";
import { getMeasurement, putSetup, putTask } from "../../shared/evaluation/measure-panel.ts";
import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { membershipSchema } from "../../shared/market/membership-record.ts";
import { addLoads, loadedCaptures } from "../../shared/warehouse/tables/loads.ts";
import type { Backfill, BackfillDeps } from "../backfill.ts";
import { inShort, type EvaluateArgs } from "./args.ts";
import { dataset } from "./dataset.ts";
import type { MeasuredFactor } from "./evaluate.ts";
import { prepareStored, wordsOf } from "./from-warehouse.ts";
import { judgeAll, recordTrials, trialsOfRun } from "./judge.ts";
import { MeasureTasks } from "./measure-tasks.ts";
import { planEvaluations, type EvaluationPlan, type EvaluationPlanRequest } from "./plan.ts";
import { recordEvaluations } from "./record.ts";
import { isOf, taskKey, type EvaluationUnit } from "./units.ts";

/** What became of the factors that were to be evaluated. */
export interface EvaluationsReport {
  readonly factors: number;
  /** Measured already, in the same way from the same values and prices. */
  readonly held: number;
  /** Judged now, and recorded. */
  readonly results: readonly EvaluationResult[];
  readonly failed: readonly FailedUnit[];
  /** Not measured in this run. */
  readonly missing: readonly string[];
}

const evaluateSchema = z.object({
  horizons: z.array(z.number()),
  quantiles: z.number(),
  delay: z.number(),
  groups: optional(z.object({ file: z.string(), of: optional(z.record(z.string(), z.string())) })),
  universe: optional(z.object({ file: z.string(), members: optional(z.array(membershipSchema)) })),
  minPrice: optional(z.number()),
  minAdv: optional(z.number()),
  neutralize: z.array(z.enum(["group", "beta", "size"])),
  costBps: z.number(),
  q: z.number(),
  delistingReturn: optional(z.number()),
  trials: optional(z.number()),
  from: optional(recordedDay),
  to: optional(recordedDay),
});

const parametersSchema = z.object({
  factors: optional(z.array(z.string())),
  evaluate: evaluateSchema,
  ...selectionSchema,
});

/** `quarry backfill evaluations` */
export const backfill: Backfill<EvaluationPlanRequest, EvaluationUnit, EvaluationsReport> = {
  dataset,
  sourceOf: () => "library",
  parametersOf: ({ factors, evaluate, only, newestFirst }) => ({
    factors,
    evaluate,
    only,
    newestFirst,
  }),
  argsOf({ parameters }) {
    const { evaluate, ...rest } = readRecord(parameters, parametersSchema, "evaluations");
    return { ...rest, evaluate: { ...evaluate, series: false, html: undefined } };
  },
  inShort: ({ factors, evaluate, only }) => ({ factors, ...inShort(evaluate), only }),
  plan: planEvaluations,
  run,
  failureOf,
};

/** Measures factors wherever the run's children are, from tables that are exported once; judges and records them here. */
async function run(
  request: EvaluationPlanRequest,
  deps: BackfillDeps<EvaluationUnit>,
  signal: AbortSignal,
): Promise<EvaluationsReport> {
  const { warehouse } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planEvaluations(request, planDeps);
  await exportTasks(plan.units, request.evaluate, deps, signal);
  const bought = await deps.buy(plan, signal);
  return settled(bought, () => load(plan, request.evaluate, deps, signal), deps.log);
}

/** Leaves what units are measured from in the object store, those that are there already left out. */
async function exportTasks(
  units: readonly EvaluationUnit[],
  args: EvaluateArgs,
  deps: BackfillDeps<EvaluationUnit>,
  signal: AbortSignal,
): Promise<void> {
  const { objects, progress } = deps;
  const there = await Promise.all(units.map((unit) => objects.get(taskKey(unit))));
  const wanted = units.filter((_, at) => there[at] === undefined);
  if (wanted.length === 0) return;
  const names = wanted.map(({ factor }) => factor);
  const prepared = await prepareStored(names, args, deps);
  const tasks = new MeasureTasks(prepared, args, true);
  const setup = await putSetup(objects, tasks.setup);
  const task = progress.start("export factors", wanted.length);
  for (const [at, unit] of wanted.entries()) {
    signal.throwIfAborted();
    const loaded = await tasks.load(prepared.factors[at]!);
    await putTask(objects, taskKey(unit), { setup, ...loaded });
    task.advance();
  }
  task.end();
}

/** Judges what the ledger has measured and the tables don't hold yet, all together, as trials of one run. */
async function load(
  plan: EvaluationPlan,
  args: EvaluateArgs,
  deps: BackfillDeps<EvaluationUnit>,
  signal: AbortSignal,
): Promise<EvaluationsReport> {
  const { warehouse, objects, runId, now } = deps;
  const keys = plan.all.map(({ factor }) => factor);
  const receipts = await receiptsOfUnits(objects, dataset.name, plan.source, keys);
  const failed: FailedUnit[] = [];
  const missing: string[] = [];
  const library = new Map((await loadLibrary()).map((factor) => [factor.name, factor]));
  const results = await withLoaderLease(
    objects,
    runId,
    async () => {
      const loaded = await loadedCaptures(warehouse, dataset.name, plan.source);
      const measured: MeasuredFactor[] = [];
      for (const [at, unit] of plan.all.entries()) {
        if (loaded.has(plan.verdicts.get(unit.factor)!)) continue;
        const receipt = receipts[at]!.findLast((one) => isOf(unit, one));
        if (receipt !== undefined) {
          const { evaluated, notes } = await getMeasurement(objects, receipt.files[0]!.hash);
          const words = wordsOf(library.get(unit.factor));
          const factor = { name: unit.factor, version: String(unit.version), words };
          measured.push({ factor, evaluated, notes });
          continue;
        }
        const failure = failedIn(runId, receipts[at]!);
        if (failure === undefined) missing.push(unit.factor);
        else failed.push(failure);
      }
      signal.throwIfAborted();
      const origin = { runId, nowMs: now() };
      const rows = trialsOfRun(measured, args);
      const judged = judgeAll(measured, rows, await recordTrials(warehouse, rows, origin), args);
      await recordEvaluations(warehouse, judged, measured, args, origin);
      const verdicts = measured.map(({ factor: { name } }) => ({
        dataset: dataset.name,
        source: plan.source,
        capture: plan.verdicts.get(name)!,
        origin: name,
        rows: 1,
      }));
      await addLoads(warehouse, verdicts, origin);
      deps.log.info({ dataset: dataset.name, rows: judged.length }, "loaded");
      return judged;
    },
    signal,
  );
  return { factors: plan.all.length, held: plan.held, results, failed, missing };
}

function failureOf({ failed, missing, factors }: EvaluationsReport): Error | undefined {
  const [first] = failed;
  if (first) {
    return new Failed(
      `${failed.length} of ${factors} factors could not be measured (${first.key}: ${first.message}).`,
    );
  }
  if (missing.length === 0) return undefined;
  return new SourceUnavailable(
    `${missing.length} of ${factors} factors were not measured; run the same command again later.`,
  );
}
