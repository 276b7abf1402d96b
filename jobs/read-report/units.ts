import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import { optional, recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { contentHash } from "../../shared/objects/file-store.ts";

/** A report that is to be read by some prompts and a model; its days are the last of the period. */
export interface ReportUnit extends FetchUnit {
  /** Path, or s3://bucket/key. */
  readonly file: string;
  readonly ticker: string;
  readonly published: TradingDay | undefined;
  /** When it came, ms. */
  readonly cameMs: number;
  /** Hash of the file's version, the prompts and the model. */
  readonly basis: string;
}

/** The key under which a unit's receipts stand; its source is the model. */
export const keyOf = ({ ticker, to, file }: ReportUnit): string =>
  `${ticker}_${to}_${contentHash(file).slice(0, 8)}`;

const unitSchema = z.object({
  file: z.string(),
  ticker: z.string(),
  published: optional(recordedDay),
  cameMs: z.number(),
  basis: z.string(),
  from: recordedDay,
  to: recordedDay,
  seen: optional(z.number()),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): ReportUnit[] {
  return unitsOfRecord(run, unitSchema);
}
