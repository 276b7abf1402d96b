import { z } from "zod";
import { buyAndLoad } from "../../shared/backfill/buy-and-load.ts";
import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import { sourceOfModel } from "../../shared/text/chosen-model.ts";
import { loadScores } from "../../shared/text/load-scores.ts";
import type { Backfill, BackfillDeps } from "../backfill.ts";
import { dataset, leaveStories, scoringSchema } from "./dataset.ts";
import { planScores, type ScorePlanRequest } from "./plan.ts";
import { storiesOf } from "./stories.ts";
import type { ScoreUnit } from "./units.ts";

/** What became of the days that were asked for. */
export interface ScoresReport {
  readonly score_set: string;
  readonly days: number;
  readonly held: number;
  readonly scored: number;
  readonly stories: number;
  /** Asked of the model now; the others were there. */
  readonly bought: number;
  readonly spent_usd: number | null;
  /** Stories that have no number, by why. */
  readonly unscored: Readonly<Record<string, number>>;
  /** Scores that came into the table. */
  readonly loaded: number;
  readonly failed: readonly FailedUnit[];
  readonly missing: readonly string[];
}

const parametersSchema = z.object({
  ...scoringSchema,
  from: optional(recordedDay),
  to: optional(recordedDay),
  tickers: optional(z.array(z.string())),
  ...selectionSchema,
});

/** `quarry backfill scores` */
export const backfill: Backfill<ScorePlanRequest, ScoreUnit, ScoresReport> = {
  dataset,
  sourceOf: sourceOfModel,
  parametersOf: (request) => ({ ...request }),
  argsOf: ({ parameters }) => readRecord(parameters, parametersSchema, dataset.name),
  inShort: ({ prompt, tickers, ...rest }) => ({
    ...rest,
    prompt: prompt.name,
    tickers: tickers?.length,
  }),
  plan: planScores,
  run,
  failureOf: ({ failed, missing, days }) =>
    failureOfUnits({ failed, missing }, { vendor: "the model", what: "days of news", units: days }),
};

/** Scores news wherever the run's children are, from texts that are left once, and loads their scores. */
async function run(
  args: ScorePlanRequest,
  deps: BackfillDeps<ScoreUnit>,
  signal: AbortSignal,
): Promise<ScoresReport> {
  const { warehouse, objects, progress } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planScores(args, planDeps);
  const units: ScoreUnit[] = [];
  const task = progress.start("leave texts", plan.units.length);
  for (const unit of plan.units) {
    signal.throwIfAborted();
    const stories = await storiesOf(warehouse, { ...args, from: unit.from, to: unit.to });
    units.push({ ...unit, texts: await leaveStories(objects, stories) });
    task.advance();
  }
  task.end();
  const { loaded, brought, failed, missing } = await buyAndLoad(
    dataset,
    { ...plan, units },
    deps,
    (done, options) => loadScores(warehouse, objects, done, options),
    signal,
  );
  const sum = (name: string): number =>
    brought.reduce((total, { about }) => total + Number(about[name] ?? 0), 0);
  const unscored = ["refused", "invalid", "too_long"]
    .map((state) => [state, sum(state)] as const)
    .filter(([, count]) => count > 0);
  return {
    score_set: plan.scoreSet,
    days: plan.all.length,
    held: plan.held,
    scored: brought.length,
    stories: sum("stories"),
    bought: sum("bought"),
    spent_usd: brought.some(({ about }) => about["spent_usd"] === null) ? null : sum("spent_usd"),
    unscored: Object.fromEntries(unscored),
    loaded,
    failed,
    missing,
  };
}
