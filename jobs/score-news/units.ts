import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import { optional, recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";

/** The stories that became known on a day, and are to be scored by one prompt and one model. */
export interface ScoreUnit extends FetchUnit {
  /** Hash of the prompt. */
  readonly prompt: string;
  /** Hash of the stories, the prompt and the model. */
  readonly basis: string;
  readonly stories: number;
  readonly characters: number;
  /** Column file with the stories, which the coordinator leaves; empty before. */
  readonly texts: string;
}

/** The key under which a unit's receipts stand; its source is the model. */
export const keyOf = ({ prompt, to }: ScoreUnit): string => `${prompt.slice(0, 8)}_${to}`;

const unitSchema = z.object({
  prompt: z.string(),
  basis: z.string(),
  stories: z.number(),
  characters: z.number(),
  texts: z.string(),
  from: recordedDay,
  to: recordedDay,
  seen: optional(z.number()),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): ScoreUnit[] {
  return unitsOfRecord(run, unitSchema);
}
