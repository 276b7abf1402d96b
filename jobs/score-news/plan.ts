import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { sourceOfModel, type ChosenModel } from "../../shared/text/chosen-model.ts";
import { mostTokens } from "../../shared/text/model.ts";
import { openModel, scoreSetOf } from "../../shared/text/open-model.ts";
import { promptOf, type PromptText } from "../../shared/text/prompt.ts";
import { sentimentRequest } from "../../shared/text/sentiment.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { storyDays, type StoryFilter } from "./stories.ts";
import type { ScoreUnit } from "./units.ts";

/** Which news are to be scored, by what. */
export interface ScorePlanRequest extends StoryFilter, ChosenModel {
  readonly prompt: PromptText;
  /** Questions under way at once, in each process. */
  readonly concurrency: number;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

export interface ScorePlan extends Plan<ScoreUnit> {
  /** Scores that can be compared. */
  readonly scoreSet: string;
}

/** Reads the ledger, and of the warehouse which days have stories; nothing is asked. */
export async function planScores(request: ScorePlanRequest, deps: PlanDeps): Promise<ScorePlan> {
  const { only, newestFirst } = request;
  const prompt = promptOf(request.prompt);
  const { model, close } = await openModel(request, deps, undefined);
  await close();
  const days = await storyDays(await deps.warehouse(), request);
  const units = days.map(({ day, texts, stories, characters }): ScoreUnit => ({
    prompt: prompt.hash,
    basis: contentHash(JSON.stringify([texts, prompt.hash, model.provider, model.model])),
    stories,
    characters,
    texts: "",
    from: day,
    to: day,
  }));
  const each = mostTokens(sentimentRequest("", prompt));
  const plan = await planUnits(
    dataset,
    {
      source: sourceOfModel(request),
      units,
      tokensOf: (wanted) => {
        const stories = wanted.reduce((sum, unit) => sum + unit.stories, 0);
        const characters = wanted.reduce((sum, unit) => sum + unit.characters, 0);
        return {
          requests: stories,
          in: stories * each.in + Math.ceil(characters / 4),
          out: stories * each.out,
          // Word lists cost nothing; nobody knows what an unknown model costs.
          price: model.price,
        };
      },
      only,
      newestFirst,
    },
    deps,
  );
  return { ...plan, scoreSet: scoreSetOf(prompt, model) };
}
