import { z } from "zod";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import { optional, recordedDay, unitsOfRecord } from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";

/** The first companies reported facts in XBRL in 2009. */
export const firstFactsDay = "2009-01-01" as TradingDay;

/** All that one company has reported, by EDGAR's API. */
export interface CompanyUnit extends FetchUnit {
  readonly kind: "company";
  /** CIK of ten digits. */
  readonly issuerId: string;
}

/** All that all companies have reported, by EDGAR's nightly zips: of the server, or files of this machine. */
export interface BulkUnit extends FetchUnit {
  readonly kind: "bulk";
  readonly companyFacts: string;
  readonly submissions: string | undefined;
  /** Tells a file from another; empty for the server's, which `to` tells apart. */
  readonly basis: string;
}

export type FactUnit = CompanyUnit | BulkUnit;

const bulkKey = "bulk";

/** The key under which a unit's receipts stand. */
export function keyOf(unit: FactUnit): string {
  return unit.kind === "company" ? unit.issuerId : bulkKey;
}

/** True when a receipt tells of all that had been filed up to a unit's last day, or of the very same zips. */
export function isDone(
  unit: FactUnit,
  told: readonly Pick<Receipt, "state" | "to" | "basis">[],
): boolean {
  const done = told.filter(({ state }) => state === "done");
  return unit.kind === "bulk" && unit.basis !== ""
    ? done.some(({ basis }) => basis === unit.basis)
    : done.some(({ to, basis }) => basis === "" && to >= unit.to);
}

const common = { from: recordedDay, to: recordedDay, seen: optional(z.number()) };

const unitSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("company"), issuerId: z.string(), ...common }),
  z.object({
    kind: z.literal("bulk"),
    companyFacts: z.string(),
    submissions: optional(z.string()),
    basis: z.string(),
    ...common,
  }),
]);

/** The units of a run's record. */
export function unitsOfRun(run: RunRecord): FactUnit[] {
  return unitsOfRecord(run, unitSchema);
}
