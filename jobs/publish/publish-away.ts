import { setTimeout as sleep } from "node:timers/promises";
import { awsBatchExecutor } from "../../shared/backfill/executors/aws-batch.ts";
import { readDeployment } from "../../shared/backfill/executors/aws-account.ts";
import { jobs } from "../../shared/catalogue.ts";
import { Failed, InvalidInput, SourceUnavailable } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { takeOver } from "./handed-over.ts";
import type { PublishArgs, PublishReport } from "./job.ts";

/**
 * Publishes where an environment's ClickHouse is: as a job of AWS Batch, which is waited for. It goes on when this process ends.
 *
 * @param pollMs between two looks at the job
 * @param openStore opens the environment's object store, through which the report comes
 * @throws InvalidInput where the environment has no such target
 * @throws Failed when the job failed, with its words; SourceUnavailable when it may be tried again
 */
export async function publishAway(
  { to, datasets, asOf, dryRun, clean, keepDays }: PublishArgs,
  environment: string,
  {
    runId,
    pollMs,
    openStore,
  }: {
    readonly runId: string;
    readonly pollMs: number;
    readonly openStore: (location: string) => Promise<ObjectStore>;
  },
  signal: AbortSignal,
): Promise<PublishReport> {
  const deployment = await readDeployment(environment);
  if (to === "lake" ? !deployment.lake : !deployment.redshift) {
    const key = to === "lake" ? "lakehouse" : "redshift";
    throw new InvalidInput(
      `--to ${to}: the environment ${environment} has none: set quarry:warehouse.${key} and run "pulumi up".`,
    );
  }
  const executor = awsBatchExecutor(deployment);
  const command = [
    ...["publish", "--to", to, "--datasets", datasets.join(","), "--keep-days", String(keepDays)],
    ...["--hand-over", runId],
    ...(asOf === undefined ? [] : ["--as-of", asOf]),
    ...(dryRun ? ["--dry-run"] : []),
    ...(clean === true ? ["--clean"] : []),
  ];
  try {
    await executor.submit(
      {
        runId,
        name: "publish",
        job: "publish",
        command,
        children: 1,
        ...jobs.publish,
        spot: false,
        share: "publish",
        tags: { "quarry:run": runId, "quarry:job": "publish" },
      },
      signal,
    );
    for (;;) {
      const [status] = await executor.status(runId, ["publish"], signal);
      const { done, later, failed } = status!.children;
      if (done + later + failed === 0) {
        await sleep(pollMs, undefined, { signal });
        continue;
      }
      const told = await takeOver(await openStore(deployment.objects), runId);
      if (told !== undefined && "report" in told) return told.report;
      const reason = told?.error ?? status!.failures[0]?.reason ?? "it left no report";
      const Failure = later > 0 ? SourceUnavailable : Failed;
      throw new Failure(`Job ${runId} of ${environment} failed: ${reason}`);
    }
  } finally {
    await executor.close();
  }
}
