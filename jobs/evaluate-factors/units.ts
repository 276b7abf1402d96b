import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import { recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";

/** A factor to be measured over some days, in one way. */
export interface EvaluationUnit extends FetchUnit {
  readonly factor: string;
  readonly version: number;
  /** Hash of all that the measurement depends on, its days included. */
  readonly basis: string;
}

const unitSchema = z.object({
  factor: z.string(),
  version: z.number(),
  from: recordedDay,
  to: recordedDay,
  basis: z.string(),
  seen: z.number().optional(),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): EvaluationUnit[] {
  return unitsOfRecord(run, unitSchema);
}

/** The key of what a unit is measured from. */
export const taskKey = ({ basis }: EvaluationUnit): string => `panels/evaluations/${basis}.json`;

/** True when a receipt tells of this very measurement. */
export function isOf(
  { basis }: EvaluationUnit,
  receipt: Pick<Receipt, "state" | "basis">,
): boolean {
  return receipt.state === "done" && receipt.basis === basis;
}
