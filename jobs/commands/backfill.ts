import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { Executor } from "../../shared/backfill/executors/executor.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { secondMs } from "../../shared/units.ts";
import { codeVersion } from "../code-version.ts";
import { backfillNamed } from "../datasets.ts";
import { newRunId, runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { datasetCommands } from "./datasets/all.ts";
import {
  addBackfillFlags,
  type AnyDatasetCommand,
  type BackfillFlags,
} from "./datasets/dataset-command.ts";

/** `quarry backfill DATASET` */
export function addBackfill(program: Command, context: CommandContext): void {
  const backfill = program
    .command("backfill")
    .description("bring history into the warehouse: from a vendor, or made of what is there");
  for (const dataset of datasetCommands) {
    addBackfillFlags(dataset.addFlags(backfill.command(dataset.dataset)))
      .description(dataset.description)
      .option("--dry-run", "say what would be done, as quarry plan does")
      .option("--detach", "with --on aws-batch: order a coordinator there, and return")
      .action(async (_: unknown, command: Command) => {
        const flags = command.optsWithGlobals<BackfillFlags>();
        const args = await dataset.argsOf(flags);
        if (flags.dryRun) {
          const { printPlan } = await import("./plan.ts");
          await printPlan(dataset.dataset, args, flags);
        } else if (flags.detach) {
          await orderCoordinator(dataset, args, flags, context);
        } else {
          await runBackfill(dataset.dataset, args, flags, context, {});
        }
      });
  }
}

/** Leaves a run to a coordinator of its own on AWS Batch: on demand, as it must not be taken away. */
async function orderCoordinator(
  { dataset }: AnyDatasetCommand,
  args: unknown,
  flags: BackfillFlags,
  { signal }: CommandContext,
): Promise<void> {
  if (flags.on === "local") {
    throw new InvalidInput(
      "--detach: expected --on aws-batch; here a run goes on when its terminal closes.",
    );
  }
  const [{ openObjects }, { putRequest }, backfill, { jobs }] = await Promise.all([
    import("../../shared/objects/open-objects.ts"),
    import("../../shared/backfill/runs.ts"),
    backfillNamed(dataset),
    import("../../shared/catalogue.ts"),
  ]);
  const { executor, objects: location } = await openExecutor(flags);
  const objects = await openObjects(
    settingsOf({ ...flags, ...(location && { objects: location }) }),
  );
  const runId = newRunId(Date.now());
  await putRequest(objects, runId, {
    dataset,
    source: backfill.sourceOf(args),
    parameters: backfill.parametersOf(args),
    limits: {
      maxDuration: flags.maxDuration ?? null,
      budgetUsd: flags.budgetUsd ?? null,
    },
  });
  await executor.submit(
    {
      runId,
      name: "coordinator",
      job: "coordinator",
      command: ["coordinate", runId, "--env", flags.env, "--json"],
      children: 1,
      ...jobs.coordinator,
      spot: false,
      share: "coordinator",
      tags: { "quarry:run": runId, "quarry:dataset": dataset },
    },
    signal,
  );
  await executor.close();
  openTerminal(true).print(
    flags.json
      ? JSON.stringify({ run_id: runId })
      : `Run ${runId} was ordered; follow it with "quarry watch ${runId}".`,
  );
}

/** `quarry coordinate RUN`: what a run's coordinator on AWS Batch is; nobody types it. */
export function addCoordinate(program: Command, context: CommandContext): void {
  program
    .command("coordinate", { hidden: true })
    .argument("<run>", "id of the run")
    .requiredOption("--env <name>", "environment that was deployed")
    .action(async (runId: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags & { env: string }>();
      const [{ openObjects }, { getRequest }] = await Promise.all([
        import("../../shared/objects/open-objects.ts"),
        import("../../shared/backfill/runs.ts"),
      ]);
      const request = await getRequest(await openObjects(settingsOf(flags)), runId);
      const { maxDuration, budgetUsd } = request.limits;
      const limits = {
        ...(maxDuration !== null && { maxDuration }),
        ...(budgetUsd !== null && { budgetUsd }),
      };
      const args = (await backfillNamed(request.dataset)).argsOf(request);
      const where = { ...flags, ...limits, on: "aws-batch" } as const;
      await runBackfill(request.dataset, args, where, context, { runId });
    });
}

/** Runs a backfill and prints its report. */
export async function runBackfill(
  dataset: string,
  args: unknown,
  flags: Pick<BackfillFlags, "on" | "env" | "maxDuration" | "budgetUsd" | "json" | "home">,
  context: CommandContext,
  { runId, ...origin }: { readonly retries?: string; readonly runId?: string },
): Promise<void> {
  const backfill = await backfillNamed(dataset);
  const command = datasetCommands.find((one) => one.dataset === dataset)!;
  // A run belongs to this process and not to the terminal, which may close.
  const withoutTerminal = (): undefined => undefined;
  process.removeAllListeners("SIGHUP").on("SIGHUP", withoutTerminal);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", withoutTerminal);
  const { executor, objects } = await openExecutor(flags);
  await runJob<unknown>(
    {
      name: `backfill ${dataset}`,
      runId,
      parameters: { ...backfill.inShort(args), ...origin },
      job: async (deps, signal) => {
        const { buyThroughRun } = await import("../../shared/backfill/through-run.ts");
        const options = {
          parameters: backfill.parametersOf(args),
          executor,
          maxDurationMs:
            flags.maxDuration === undefined ? undefined : flags.maxDuration * 60 * secondMs,
          budgetUsd: flags.budgetUsd,
        };
        const runDeps = { ...deps, codeVersion: codeVersion() };
        const report = await backfill.run(
          args,
          {
            ...deps,
            buy: (plan, stop) => buyThroughRun(backfill.dataset, plan, runDeps, options, stop),
          },
          signal,
        );
        const { writeLedgerTable } = await import("../../shared/backfill/ledger-table.ts");
        const { warehouse, objects: store } = deps;
        await writeLedgerTable(warehouse, store, dataset, backfill.sourceOf(args), deps.runId);
        return report;
      },
      show: (report) => command.show(report),
      failureOf: (report) => backfill.failureOf(report),
    },
    objects === undefined ? flags : { ...flags, objects },
    context,
  );
}

type Where = Pick<BackfillFlags, "on" | "env" | "home">;

/** Opens what runs children, and tells the object store that they see where that is not ours. */
async function openExecutor({
  on,
  env,
  home,
}: Where): Promise<{ executor: Executor; objects: string | undefined }> {
  if (on === "aws-batch") {
    const [{ awsBatchExecutor }, { readDeployment }] = await Promise.all([
      import("../../shared/backfill/executors/aws-batch.ts"),
      import("../../shared/backfill/executors/aws-account.ts"),
    ]);
    const deployment = await readDeployment(env);
    return { executor: awsBatchExecutor(deployment), objects: deployment.objects };
  }
  const { localExecutor } = await import("../../shared/backfill/executors/local.ts");
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const environment = { ...process.env, ...(home === undefined ? {} : { QUARRY_HOME: home }) };
  return { executor: localExecutor(cli, environment), objects: undefined };
}
