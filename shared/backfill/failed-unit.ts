import type { Receipt } from "./receipt.ts";

/** A unit that brought nothing, and why. */
export interface FailedUnit {
  readonly key: string;
  readonly reason: string;
  readonly message: string;
}

/** How a unit failed in a run: its last receipt, where that is the run's and a failure. */
export function failedIn(runId: string, receipts: readonly Receipt[]): FailedUnit | undefined {
  const last = receipts.at(-1);
  if (last?.state !== "failed" || last.runId !== runId) return undefined;
  const { key, reason, message } = last;
  return { key, reason, message };
}
