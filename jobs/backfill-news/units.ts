import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import { optional, recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import { topics, type TavilyTopic } from "../../shared/sources/tavily/topics.ts";

/** What is asked of Tavily on a day about a company. */
export interface NewsUnit extends FetchUnit {
  readonly ticker: string;
  /** Name of the company, where a source says it. */
  readonly name: string | undefined;
  readonly topic: TavilyTopic;
}

/** The key under which a unit's receipts stand. */
export const keyOf = ({ ticker, topic }: NewsUnit): string => `${ticker}_${topic}`;

const unitSchema = z.object({
  ticker: z.string(),
  name: optional(z.string()),
  topic: z.enum(topics),
  from: recordedDay,
  to: recordedDay,
  seen: optional(z.number()),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): NewsUnit[] {
  return unitsOfRecord(run, unitSchema);
}
