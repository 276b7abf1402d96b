import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import { inShort, type EvaluateArgs } from "../evaluate-factors/args.ts";
import type { EvaluateReport } from "../evaluate-factors/job.ts";
import { newRunId, runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { addEvaluateFlags, evaluateArgsOf, type EvaluateFlags } from "./evaluate-flags.ts";
import { showEvaluations } from "./show-evaluations.ts";

interface Flags extends CommonFlags, EvaluateFlags {
  readonly values?: string;
  readonly prices?: string;
  readonly series?: boolean;
  readonly html?: string;
}

/** `quarry evaluate` */
export function addEvaluate(program: Command, context: CommandContext): void {
  const evaluate = program
    .command("evaluate")
    .description("judge factors of the warehouse, or a signal of your own from files")
    .argument("[factor...]", "factors that were computed; none with --values")
    .option("--values <file>", "your own signal: date, asset, factor; CSV or Parquet")
    .option("--prices <file>", "its prices, long or wide; CSV or Parquet");
  addEvaluateFlags(evaluate)
    .option("--series", "with --json: the days behind the means")
    .addOption(new Option("--html <folder>", "write tear sheets there"))
    .action(async (names: string[], _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const own = ownOf(names, flags);
      const how = await evaluateArgsOf(flags, own === undefined ? 1 : 0);
      const args = { ...how, series: flags.series === true, html: flags.html };
      if (own) await evaluateOwn(own, args, flags, context);
      else await evaluateStored([...new Set(names)], args, flags, context);
    });
}

function ownOf(
  names: readonly string[],
  { values, prices }: Flags,
): { values: string; prices: string } | undefined {
  if (values === undefined && prices === undefined) {
    if (names.length > 0) return undefined;
    throw new InvalidInput(
      "Expected factors of the warehouse, or --values FILE and --prices FILE.",
    );
  }
  if (values === undefined || prices === undefined) {
    throw new InvalidInput("Expected --values FILE and --prices FILE together.");
  }
  if (names.length > 0)
    throw new InvalidInput(`Expected either factors (${names.join(", ")}) or --values.`);
  return { values, prices };
}

async function evaluateStored(
  names: readonly string[],
  args: EvaluateArgs,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  await runJob<EvaluateReport>(
    {
      name: "evaluate",
      parameters: { factors: names, ...inShort(args) },
      job: async (deps, signal) => {
        const { run } = await import("../evaluate-factors/job.ts");
        return run(names, args, deps, signal);
      },
      show: showEvaluations,
      json: ({ results }) => (results.length === 1 ? results[0] : results),
    },
    flags,
    context,
  );
}

async function evaluateOwn(
  own: { values: string; prices: string },
  args: EvaluateArgs,
  flags: Flags,
  { signal }: CommandContext,
): Promise<void> {
  const settings = settingsOf(flags);
  const terminal = openTerminal(flags.json === true);
  const { hasWarehouse, openWarehouse } = await import("../../shared/warehouse/connect.ts");
  const { runOwn } = await import("../evaluate-factors/job.ts");
  const report = await runOwn(
    own,
    args,
    {
      settings,
      log: openLog(settings.text("logLevel")),
      progress: terminal.progress,
      now: Date.now,
      runId: newRunId(Date.now()),
      openWarehouse: hasWarehouse(settings) ? () => openWarehouse(settings) : undefined,
    },
    signal,
  );
  terminal.print(flags.json ? JSON.stringify(report.results[0]) : showEvaluations(report));
}
