import { fileURLToPath } from "node:url";
import { Option, type Command } from "commander";
import type { Executor } from "../../shared/backfill/executors/executor.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural, secondMs } from "../../shared/units.ts";
import type {
  BackfillPricesArgs,
  BackfillPricesDeps,
  BackfillReport,
} from "../backfill-prices/job.ts";
import type { Only } from "../backfill-prices/plan.ts";
import { newRunId, runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { checkRange, day, list, listingsOf, number } from "./flags.ts";
import { showAdmission } from "./show.ts";

/** Flags of `backfill` and of `plan`. */
export interface BackfillFlags extends CommonFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly from: TradingDay;
  readonly to?: TradingDay;
  readonly lossBudget: number;
  readonly only: Only;
  readonly newestFirst?: boolean;
  readonly maxDuration?: number;
  readonly budgetUsd?: number;
  readonly on: "local" | "aws-batch";
  readonly env: string;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
}

/** Gives a command the flags that say what of the prices, and within which limits. */
export function addPriceFlags(command: Command): Command {
  return command
    .option("--tickers <list>", "tickers, separated by commas", list)
    .option("--universe <file>", "CSV with columns ticker, start, end")
    .requiredOption("--from <day>", "first day", day)
    .option("--to <day>", "last day; today by default", day)
    .option("--loss-budget <share>", "share of rows that may be put aside", number(0, 1), 0.01)
    .addOption(
      new Option("--only <state>", "which of the units that are not done")
        .choices(["missing", "failed", "stale", "all"])
        .default("all"),
    )
    .option("--newest-first", "the youngest histories first")
    .option("--max-duration <minutes>", "no unit is begun after so long", number(0.01, 100_000))
    .option("--budget-usd <dollars>", "nothing is ordered beyond it", number(0, 1e9))
    .addOption(
      new Option("--on <executor>", "where the work is done")
        .choices(["local", "aws-batch"])
        .default("local"),
    )
    .addOption(
      new Option("--env <name>", "environment that was deployed, with --on aws-batch")
        .env("QUARRY_ENV")
        .default("dev"),
    );
}

/** What the flags ask for. */
export async function argsOf(flags: BackfillFlags): Promise<BackfillPricesArgs> {
  const today = newYorkDay(Date.now());
  const to = flags.to ?? today;
  checkRange(flags.from, to, today);
  return {
    listings: await listingsOf(flags.tickers, flags.universe),
    from: flags.from,
    to,
    source: "yahoo",
    lossBudget: flags.lossBudget,
    only: flags.only,
    newestFirst: flags.newestFirst,
  };
}

/** `quarry backfill prices` */
export function addBackfill(program: Command, context: CommandContext): void {
  const backfill = program
    .command("backfill")
    .description("bring history from a vendor into the warehouse");
  addPriceFlags(backfill.command("prices"))
    .description("daily prices as traded, splits and distributions, from Yahoo")
    .option("--dry-run", "say what would be done, as quarry plan does")
    .option("--detach", "with --on aws-batch: order a coordinator there, and return")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<BackfillFlags>();
      const args = await argsOf(flags);
      if (flags.dryRun) {
        const { printPlan } = await import("./plan.ts");
        await printPlan(args, flags);
      } else if (flags.detach) {
        await orderCoordinator(args, flags, context);
      } else {
        await runBackfill(args, flags, context, {});
      }
    });
}

/** Leaves a run to a coordinator of its own on AWS Batch: on demand, as it must not be taken away. */
async function orderCoordinator(
  args: BackfillPricesArgs,
  flags: BackfillFlags,
  { signal }: CommandContext,
): Promise<void> {
  if (flags.on === "local") {
    throw new InvalidInput(
      "--detach: expected --on aws-batch; here a run goes on when its terminal closes.",
    );
  }
  const [{ openObjects }, { putRequest }, { parametersOf }, { jobs }] = await Promise.all([
    import("../../shared/objects/open-objects.ts"),
    import("../../shared/backfill/runs.ts"),
    import("../backfill-prices/runs.ts"),
    import("../../shared/catalogue.ts"),
  ]);
  const { executor, objects: location } = await openExecutor(flags);
  const objects = await openObjects(
    settingsOf({ ...flags, ...(location && { objects: location }) }),
  );
  const runId = newRunId(Date.now());
  await putRequest(objects, runId, {
    dataset: "prices",
    source: args.source,
    parameters: parametersOf(args),
    limits: {
      maxDuration: flags.maxDuration ?? null,
      budgetUsd: flags.budgetUsd ?? null,
    },
  });
  await executor.submit(
    {
      runId,
      name: "coordinator",
      command: ["coordinate", runId, "--env", flags.env, "--json"],
      children: 1,
      ...jobs.coordinator,
      spot: false,
      share: "coordinator",
      tags: { "quarry:run": runId, "quarry:dataset": "prices" },
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
      const [{ openObjects }, { getRequest }, { argsOfRun }] = await Promise.all([
        import("../../shared/objects/open-objects.ts"),
        import("../../shared/backfill/runs.ts"),
        import("../backfill-prices/runs.ts"),
      ]);
      const request = await getRequest(await openObjects(settingsOf(flags)), runId);
      const { maxDuration, budgetUsd } = request.limits;
      const limits = {
        ...(maxDuration !== null && { maxDuration }),
        ...(budgetUsd !== null && { budgetUsd }),
      };
      await runBackfill(argsOfRun(request), { ...flags, ...limits, on: "aws-batch" }, context, {
        runId,
      });
    });
}

/** Runs a backfill of prices and prints its report. */
export async function runBackfill(
  args: BackfillPricesArgs,
  flags: Pick<BackfillFlags, "on" | "env" | "maxDuration" | "budgetUsd" | "json" | "home">,
  context: CommandContext,
  { runId, ...origin }: { readonly retries?: string; readonly runId?: string },
): Promise<void> {
  const { from, to, lossBudget, listings, only } = args;
  const { failureOf, run } = await import("../backfill-prices/job.ts");
  // A run belongs to this process and not to the terminal, which may close.
  const withoutTerminal = (): undefined => undefined;
  process.removeAllListeners("SIGHUP").on("SIGHUP", withoutTerminal);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", withoutTerminal);
  const { executor, objects } = await openExecutor(flags);
  await runJob<BackfillReport>(
    {
      name: "backfill prices",
      runId,
      parameters: { tickers: listings.length, from, to, lossBudget, only, ...origin },
      job: async (deps, signal) => {
        const { fetchThroughRun } = await import("../backfill-prices/through-run.ts");
        const limits = {
          executor,
          maxDurationMs:
            flags.maxDuration === undefined ? undefined : flags.maxDuration * 60 * secondMs,
          budgetUsd: flags.budgetUsd,
        };
        const fetch: BackfillPricesDeps["fetch"] = (units, stop) =>
          fetchThroughRun(units, args, deps, limits, stop);
        return run(args, { ...deps, fetch }, signal);
      },
      show,
      failureOf,
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
    const { awsBatchExecutor, readDeployment } =
      await import("../../shared/backfill/executors/aws-batch.ts");
    const deployment = await readDeployment(env);
    return { executor: awsBatchExecutor(deployment), objects: deployment.objects };
  }
  const { localExecutor } = await import("../../shared/backfill/executors/local.ts");
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const environment = { ...process.env, ...(home === undefined ? {} : { QUARRY_HOME: home }) };
  return { executor: localExecutor(cli, environment), objects: undefined };
}

/** The report in a few lines; the failures at their length up to ten. */
function show(report: BackfillReport): string {
  const { units, held, fetched, failed, missing, late, admission, actions } = report;
  const lines = [
    `${plural(units, "ticker")} from ${report.from} to ${report.to}: ${formatCount(fetched)} fetched, ${formatCount(held)} held already, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not asked for.`,
    ...(admission ? showAdmission(admission) : []),
    ...(actions > 0 ? [`${plural(actions, "corporate action")}.`] : []),
  ];
  for (const { key, first_bar } of late.slice(0, 10)) {
    lines.push(`  ${key}: the vendor's history begins on ${first_bar}, later than asked`);
  }
  for (const { key, reason, message } of failed.slice(0, 10)) {
    lines.push(`  ${key}: ${reason}: ${message}`);
  }
  if (failed.length > 10)
    lines.push(`  ... and ${formatCount(failed.length - 10)} more; --json lists them all`);
  return lines.join("\n");
}
