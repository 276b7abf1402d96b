import { Failed, InvalidInput, SourceUnavailable } from "../errors.ts";
import type { Dataset, FetchUnit } from "./dataset.ts";
import { failedIn, type FailedUnit } from "./failed-unit.ts";
import type { Plan } from "./plan.ts";
import type { Receipt } from "./receipt.ts";

/** What became of a plan's units in a run. */
export interface Ends {
  /** Receipts of units that the run brought. */
  readonly brought: readonly Receipt[];
  readonly failed: readonly FailedUnit[];
  /** Keys of units that were to be bought, and that nobody has tried. */
  readonly missing: readonly string[];
}

/**
 * Tells from the ledger what became of a plan's units.
 *
 * @param receipts of all units of the plan, in their order
 */
export function endsOf<Unit extends FetchUnit>(
  dataset: Pick<Dataset<Unit>, "isDone" | "keyOf">,
  plan: Pick<Plan<Unit>, "all" | "units">,
  receipts: readonly (readonly Receipt[])[],
  runId: string,
): Ends {
  const brought: Receipt[] = [];
  const failed: FailedUnit[] = [];
  const over = new Set<string>();
  for (const [at, unit] of plan.all.entries()) {
    const own = receipts[at]!;
    const last = own.findLast((one) => one.runId === runId && one.state === "done");
    if (last !== undefined) brought.push(last);
    const failure = dataset.isDone(unit, own) ? undefined : failedIn(runId, own);
    if (failure !== undefined) failed.push(failure);
    if (failure !== undefined || dataset.isDone(unit, own)) over.add(dataset.keyOf(unit));
  }
  const missing = plan.units.map((unit) => dataset.keyOf(unit)).filter((key) => !over.has(key));
  return { brought, failed, missing };
}

/**
 * What failed and missing units mean for the process: nothing, a failure, or another try later. Names that the vendor does not know
 * are the caller's to mend.
 *
 * @param what the units are called, `companies`
 * @param units in all
 */
export function failureOfUnits(
  { failed, missing }: Pick<Ends, "failed" | "missing">,
  {
    vendor,
    what,
    units,
  }: { readonly vendor: string; readonly what: string; readonly units: number },
): Error | undefined {
  if (missing.length > 0) {
    return new SourceUnavailable(
      `${missing.length} of ${units} ${what} were not asked for, as ${vendor} stopped answering; run the same command again later.`,
    );
  }
  const again = failed.filter(({ reason }) => ["unavailable", "empty_reply"].includes(reason));
  if (again.length > 0) {
    return new SourceUnavailable(
      `${again.length} of ${units} ${what} got no answer (${again[0]!.key}: ${again[0]!.message}); run the same command again later.`,
    );
  }
  const [first] = failed;
  if (first === undefined) return undefined;
  const unknown = failed.filter(({ reason }) => reason.startsWith("unknown_"));
  const message = `${failed.length} of ${units + unknownNames(unknown)} ${what} failed (${first.key}: ${first.message}).`;
  return unknown.length === failed.length ? new InvalidInput(message) : new Failed(message);
}

/** Names that never became units. */
function unknownNames(failed: readonly FailedUnit[]): number {
  return failed.filter(({ reason }) => reason === "unknown_ticker").length;
}
