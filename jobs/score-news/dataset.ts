import { z } from "zod";
import { getColumnFile, putColumnFile } from "../../shared/backfill/column-files.ts";
import { isMadeOf, workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import { optional, readRecord } from "../../shared/backfill/run-units.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { SourceUnavailable } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { Budget } from "../../shared/text/budget.ts";
import { laneOfSource } from "../../shared/text/chosen-model.ts";
import type { LanguageModel } from "../../shared/text/model.ts";
import { openModel } from "../../shared/text/open-model.ts";
import { promptOf, type Prompt } from "../../shared/text/prompt.ts";
import { providers } from "../../shared/text/providers.ts";
import { scoreAll } from "../../shared/text/score-all.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { sentimentRequest } from "../../shared/text/sentiment.ts";
import { plural } from "../../shared/units.ts";
import { numbers, texts } from "../../shared/warehouse/native/column.ts";
import { readNative } from "../../shared/warehouse/native/reader.ts";
import { scoreColumns } from "../../shared/warehouse/tables/scores.ts";
import { scoreRowsOf } from "./score-rows.ts";
import type { Story } from "./stories.ts";
import { keyOf, unitsOfRun, type ScoreUnit } from "./units.ts";

/** What of a run's record says how its units are scored. */
export const scoringSchema = {
  provider: z.enum(providers),
  model: optional(z.string()),
  prompt: z.object({ name: z.string(), text: z.string() }),
  concurrency: z.number(),
};

/** Days that a process scores at once: questions of the next fill the lane while the last of one are under way. */
const daysAtOnce = 2;

/** Scores of news, as runs see them: made by a model, from texts that the coordinator left in the object store. */
export const dataset: Dataset<ScoreUnit> = {
  name: "scores",
  keyOf,
  isDone: isMadeOf,
  lane: laneOfSource,
  unitsOf: unitsOfRun,
  async open({ runId, source, parameters }, deps, holder, wanted) {
    const asked = readRecord(parameters, z.object(scoringSchema), "scores");
    const prompt = promptOf(asked.prompt);
    const open = await openModel(asked, deps, holder, wanted);
    const ledger = new ScoreLedger(deps.objects, runId, deps.now, holder);
    const { model } = open;
    const { concurrency } = asked;
    const scoring = { ...deps, ledger, model, prompt, concurrency };
    return {
      work: workOf(dataset, source, (unit, signal) => scoreDay(unit, scoring, signal)),
      concurrency: daysAtOnce,
      requests: open.requests,
      ratePerSecond: open.ratePerSecond,
      close: open.close,
    };
  },
};

interface Scoring {
  readonly objects: ObjectStore;
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly prompt: Prompt;
  readonly concurrency: number;
  readonly now: () => number;
}

/**
 * Scores the stories of a day, and leaves their scores as columns. What was scored before it was stopped stays in the ledger of
 * scores, and is not asked for again.
 *
 * @throws SourceUnavailable when some could not be asked for now: the day stays missing
 */
async function scoreDay(
  { from, to, basis, texts: file }: ScoreUnit,
  { objects, ledger, model, prompt, concurrency, now }: Scoring,
  signal: AbortSignal,
): Promise<Brought> {
  const stories = await readStories(await getColumnFile(objects, "scores", file));
  const scored = await scoreAll(
    stories,
    {
      ledger,
      model,
      // What a run may cost is said before it is ordered.
      budget: new Budget(undefined, model),
      concurrency: Math.ceil(concurrency / daysAtOnce),
      requestOf: ({ text }) => sentimentRequest(text, prompt),
    },
    signal,
  );
  signal.throwIfAborted();
  const later = scored.items.find(({ state }) =>
    ["throttled", "claimed", "stopped"].includes(state),
  );
  if (later !== undefined) {
    throw new SourceUnavailable(`${plural(stories.length, "story", "stories")}: ${later.reason}`);
  }
  const rows = scoreRowsOf(scored, prompt, model, now());
  return {
    state: "done",
    reason: "",
    message: "",
    from,
    to,
    basis,
    capture: null,
    files: [await putColumnFile(objects, "scores", "scores", scoreColumns(rows))],
    about: {
      stories: stories.length,
      bought: scored.bought,
      spent_usd: model.price === undefined ? null : scored.spentUsd,
      ...scored.states,
    },
  };
}

async function readStories(bytes: Buffer): Promise<Story[]> {
  const stories: Story[] = [];
  for await (const block of readNative([bytes])) {
    const [ids, bodies] = [texts(block, "id"), texts(block, "text")];
    const known = numbers(block, "known_at");
    for (const [row, id] of ids.entries()) {
      stories.push({ id, text: bodies[row]!, knownMs: known[row]! * 1000 });
    }
  }
  return stories;
}

/** Leaves stories for whoever scores them. @returns the hash of their file */
export async function leaveStories(
  objects: ObjectStore,
  stories: readonly Story[],
): Promise<string> {
  const { hash } = await putColumnFile(objects, "scores", "stories", [
    { name: "id", type: "String", text: stories.map(({ id }) => id) },
    { name: "text", type: "String", text: stories.map(({ text }) => text) },
    {
      name: "known_at",
      type: "UInt32",
      values: Uint32Array.from(stories, ({ knownMs }) => knownMs / 1000),
    },
  ]);
  return hash;
}
