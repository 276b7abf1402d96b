import { Busy } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { secondMs } from "../../shared/units.ts";
import { backfillNamed } from "../datasets.ts";
import { settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";

/** `quarry retry RUN`: buys what a run left or failed to buy, as a new run. */
export async function retry(
  runId: string,
  objects: ObjectStore,
  flags: CommonFlags,
  context: CommandContext,
): Promise<void> {
  const [{ coordinatorKey, getRun }, { acquireLease, holderOf, keepLease }, { runBackfill }] =
    await Promise.all([
      import("../../shared/backfill/runs.ts"),
      import("../../shared/backfill/lease.ts"),
      import("./backfill.ts"),
    ]);
  const run = await getRun(objects, runId);
  const key = coordinatorKey(runId);
  const ttlMs = 30 * secondMs;
  const lease = await acquireLease(objects, key, `retry:${process.pid}:${Date.now()}`, ttlMs);
  if (lease === undefined) {
    const holder = await holderOf(objects, key);
    throw new Busy(
      `Run ${runId} is under way, or somebody retries it already (${holder?.holder ?? "?"}): watch it with "quarry watch".`,
    );
  }
  const letGo = keepLease(lease, ttlMs);
  try {
    const on = run.executor === "local" ? "local" : "aws-batch";
    await runBackfill(
      run.dataset,
      (await backfillNamed(run.dataset)).argsOf(run),
      { ...flags, on, env: settingsOf(flags).text("environment") },
      context,
      { retries: runId },
    );
  } finally {
    await letGo();
  }
}
