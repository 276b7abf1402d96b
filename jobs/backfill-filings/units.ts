import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import { recordedDay, optional, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";

/** A filing whose documents are to be held. */
export interface FilingUnit extends FetchUnit {
  /** CIK of ten digits. */
  readonly issuerId: string;
  readonly accession: string;
  readonly form: string;
  /** Main document's file name; empty for an old filing, which is one file. */
  readonly document: string;
  /** True when exhibits that are PDF are wanted too. */
  readonly exhibits: boolean;
}

/** The key under which a unit's receipts stand: a filing may have two filers. */
export const keyOf = ({ issuerId, accession, exhibits }: FilingUnit): string =>
  `${issuerId}_${accession}${exhibits ? "_exhibits" : ""}`;

const unitSchema = z.object({
  issuerId: z.string(),
  accession: z.string(),
  form: z.string(),
  document: z.string(),
  exhibits: z.boolean(),
  from: recordedDay,
  to: recordedDay,
  seen: optional(z.number()),
});

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): FilingUnit[] {
  return unitsOfRecord(run, unitSchema);
}
