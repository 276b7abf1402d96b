import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type ImportPricesArgs, type ImportReport } from "../../jobs/import-prices/job.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { jobDeps, noSignal } from "./job-deps.ts";

/** 2026-01-05 12:00 UTC: when imports of tests take place. */
export const importedMs = Date.UTC(2026, 0, 5, 12);

/**
 * Runs the job of `quarry import prices`.
 *
 * @param nowMs when; decides since when a revision is known
 */
export function importPrices(
  warehouse: Warehouse,
  args: Partial<ImportPricesArgs> & Pick<ImportPricesArgs, "files" | "source">,
  nowMs = importedMs,
): Promise<ImportReport> {
  const all = { basis: "raw", lossBudget: 0.01, ...args } as const;
  return run(all, jobDeps(warehouse, nowMs), noSignal);
}

/** Writes lines as a file and tells its path. */
export function lines(folder: string, name: string, text: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, text.map((line) => `${line}\n`).join(""));
  return path;
}
