import { setTimeout as sleep } from "node:timers/promises";
import { awsBatchExecutor } from "../../shared/backfill/executors/aws-batch.ts";
import { readDeployment } from "../../shared/backfill/executors/aws-account.ts";
import { jobs } from "../../shared/catalogue.ts";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import type { PublishArgs } from "./job.ts";

/**
 * Publishes where an environment's ClickHouse is: as a job of AWS Batch, which is waited for. It goes on when this process ends.
 *
 * @param pollMs between two looks at the job
 * @returns what became of it, in a sentence
 * @throws InvalidInput where the environment has no such target
 * @throws Failed when the job failed
 */
export async function publishAway(
  { to, datasets, asOf, dryRun, clean, keepDays }: PublishArgs,
  environment: string,
  { runId, pollMs }: { readonly runId: string; readonly pollMs: number },
  signal: AbortSignal,
): Promise<string> {
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
      if (done > 0) {
        return `Published to the ${to} of ${environment}: job ${runId}, whose log says what.`;
      }
      if (later + failed > 0) {
        const [failure] = status!.failures;
        throw new Failed(
          `Publishing to the ${to} of ${environment} failed (job ${runId}: ${failure?.reason ?? "no reason was given"}): its log says why; nothing is half published, and the same command goes on.`,
        );
      }
      await sleep(pollMs, undefined, { signal });
    }
  } finally {
    await executor.close();
  }
}
