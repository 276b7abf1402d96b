import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { getColumnFile } from "../../shared/backfill/column-files.ts";
import { failedIn, type FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { receiptsOfUnits, type Receipt } from "../../shared/backfill/receipt.ts";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import { Failed, SourceUnavailable } from "../../shared/errors.ts";
import { exportPanel } from "../../shared/factors/panel/export-panel.ts";
import { valueFileStructure } from "../../shared/factors/value-files.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { publishValues } from "../../shared/warehouse/factor-values/publish-values.ts";
import { addLoads } from "../../shared/warehouse/tables/loads.ts";
import type { Backfill, BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { heldOrigins, loadOf } from "./origins.ts";
import { planFactors, type FactorPlan, type FactorPlanRequest } from "./plan.ts";
import { covers, type FactorUnit } from "./units.ts";

/** What became of the factors that were asked for. */
export interface FactorReport {
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly factors: number;
  /** Made of the same prices already, whoever made them. */
  readonly held: number;
  /** Whose values came into the table now. */
  readonly loaded: readonly string[];
  readonly values: number;
  readonly failed: readonly FailedUnit[];
  /** Not made in this run. */
  readonly missing: readonly string[];
}

const parametersSchema = z.object({
  factors: optional(z.array(z.string())),
  from: recordedDay,
  to: recordedDay,
  ...selectionSchema,
});

/** `quarry backfill factor_values` */
export const backfill: Backfill<FactorPlanRequest, FactorUnit, FactorReport> = {
  dataset,
  sourceOf: () => "library",
  parametersOf: ({ factors, from, to, only, newestFirst }) => ({
    factors,
    from,
    to,
    only,
    newestFirst,
  }),
  argsOf: ({ parameters }) => readRecord(parameters, parametersSchema, "factor_values"),
  inShort: (args) => args,
  plan: planFactors,
  run,
  failureOf,
};

/** Computes factors wherever the run's children are, from a panel that is exported once, and loads their values. */
async function run(
  args: FactorPlanRequest,
  deps: BackfillDeps<FactorUnit>,
  signal: AbortSignal,
): Promise<FactorReport> {
  const { warehouse, objects, progress } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planFactors(args, planDeps);
  if (plan.units.length > 0) {
    const { key, ...panel } = plan.panel;
    const task = (total: number) => progress.start("export prices", total);
    await exportPanel(warehouse, objects, key, { ...panel, to: args.to }, task, signal);
  }
  const bought = await deps.buy(plan, signal);
  return settled(bought, () => load(args, plan, deps, signal), deps.log);
}

/** Brings the values that the ledger has into the table, a factor at a time, and says what became of each. */
async function load(
  { from, to }: FactorPlanRequest,
  plan: FactorPlan,
  deps: BackfillDeps<FactorUnit>,
  signal: AbortSignal,
): Promise<FactorReport> {
  const { warehouse, objects, runId } = deps;
  const keys = plan.all.map(({ factor }) => factor);
  const receipts = await receiptsOfUnits(objects, dataset.name, plan.source, keys);
  const loaded: string[] = [];
  const failed: FailedUnit[] = [];
  const missing: string[] = [];
  let values = 0;
  await withLoaderLease(
    objects,
    runId,
    async () => {
      const holds = await heldOrigins(warehouse);
      for (const [at, unit] of plan.all.entries()) {
        signal.throwIfAborted();
        if (holds(unit)) continue;
        const receipt = receipts[at]!.findLast((one) => covers(unit, one));
        if (receipt !== undefined) {
          values += await publish(unit, receipt, `${runId}f${at}`, deps);
          loaded.push(unit.factor);
          continue;
        }
        const failure = failedIn(runId, receipts[at]!);
        if (failure === undefined) missing.push(unit.factor);
        else failed.push(failure);
      }
    },
    signal,
  );
  return { from, to, factors: plan.all.length, held: plan.held, loaded, values, failed, missing };
}

/** Puts one factor's values into the table in the place of what it held of these days. @returns how many */
async function publish(
  { factor, version }: FactorUnit,
  receipt: Receipt,
  token: string,
  { warehouse, objects, runId, now, log }: BackfillDeps<FactorUnit>,
): Promise<number> {
  const area = { from: receipt.from as TradingDay, to: receipt.to as TradingDay };
  const folder = await mkdtemp(join(tmpdir(), "quarry-load-"));
  try {
    const files: string[] = [];
    for (const [at, { hash }] of receipt.files.entries()) {
      const path = join(folder, `${at}.native`);
      await writeFile(path, await getColumnFile(objects, dataset.name, hash));
      files.push(path);
    }
    const rows = receipt.files.reduce((sum, file) => sum + file.rows, 0);
    const origin = { token, runId, nowMs: now() };
    const sets = [{ factor, version, files }];
    await publishValues(warehouse, sets, rows, valueFileStructure, area, origin);
    const held = loadOf({ factor, ...area, basis: receipt.basis }, rows);
    await addLoads(warehouse, [held], { runId, nowMs: now() });
    log.info({ dataset: dataset.name, rows }, "loaded");
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function failureOf({ failed, missing, factors }: FactorReport): Error | undefined {
  const [first] = failed;
  if (first) {
    return new Failed(
      `${failed.length} of ${factors} factors failed (${first.key}: ${first.message}).`,
    );
  }
  if (missing.length === 0) return undefined;
  return new SourceUnavailable(
    `${missing.length} of ${factors} factors were not made; run the same command again later.`,
  );
}
