import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import { recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";

/** A factor's values over some days, made of the prices that there are. */
export interface FactorUnit extends FetchUnit {
  readonly factor: string;
  readonly version: number;
  /** Hash of all that the values are made of. */
  readonly basis: string;
  /** Key of the panel that they are computed from. */
  readonly panel: string;
}

const unitSchema = z.object({
  factor: z.string(),
  version: z.number(),
  from: recordedDay,
  to: recordedDay,
  basis: z.string(),
  panel: z.string(),
  seen: z.number().optional(),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): FactorUnit[] {
  return unitsOfRecord(run, unitSchema);
}

/** True when a receipt tells of values over all days of a unit, made of the same. */
export function covers(
  { from, to, basis }: FactorUnit,
  receipt: Pick<Receipt, "state" | "from" | "to" | "basis">,
): boolean {
  return (
    receipt.state === "done" && receipt.from <= from && receipt.to >= to && receipt.basis === basis
  );
}
