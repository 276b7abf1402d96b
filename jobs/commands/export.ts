import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import { lastClosedSession } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { ExportReport } from "../export-factors/job.ts";
import { orDemoHome } from "../demo-home.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { universeNamed } from "./evaluate-flags.ts";
import { day, list, whole } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly factors?: string[];
  readonly asOf?: TradingDay;
  readonly sessions: number;
  readonly lag?: number;
  readonly universe?: string;
  readonly figi?: string;
  readonly format: "parquet" | "csv";
  readonly to?: string;
}

/** `quarry export factors` */
export function addExport(program: Command, context: CommandContext): void {
  program
    .command("export")
    .description("what portfolio and risk systems take, in files")
    .command("factors")
    .description(
      "exposures, factor returns, their covariance, specific risk and universe, as known at a day's close",
    )
    .option("--factors <list>", "factors by name; all that have values on the day", list)
    .option("--as-of <day>", "known at its close; the last session by default", day)
    .option("--sessions <n>", "sessions that the model is estimated over", whole(40, 5000), 252)
    .option(
      "--lag <n>",
      "longest autocovariance that counts; by Newey and West's rule",
      whole(0, 100),
    )
    .option("--universe <file|list>", "only its members on their days, as in evaluate")
    .option("--figi <list>", "list of the warehouse whose groups are FIGIs; figi by default")
    .addOption(
      new Option("--format <format>", "of the files")
        .choices(["parquet", "csv"])
        .default("parquet"),
    )
    .option("--to <folder>", "folder to be made; out/export/DAY by default")
    .action(async (_: unknown, command: Command) => {
      const flags = orDemoHome(command.optsWithGlobals<Flags>());
      const now = Date.now();
      const { asOf = lastClosedSession(now), factors, sessions, lag, figi, format } = flags;
      if (asOf > newYorkDay(now)) {
        throw new InvalidInput(`--as-of ${asOf} is in the future; today is ${newYorkDay(now)}.`);
      }
      const args = {
        factors,
        asOf,
        sessions,
        lag,
        universe: flags.universe === undefined ? undefined : await universeNamed(flags.universe),
        figi,
        format,
        to: flags.to ?? `out/export/${asOf}`,
      };
      await runJob<ExportReport>(
        {
          name: "export factors",
          parameters: { ...args, universe: flags.universe },
          job: async (deps, signal) =>
            (await import("../export-factors/job.ts")).run(args, deps, signal),
          show,
        },
        flags,
        context,
      );
    });
}

function show({ to, as_of, factors, sparse, names, complete, model, files }: ExportReport): string {
  const { few, dependent } = model.skipped;
  return [
    `Exported to ${to}, as known at the close of ${as_of}:`,
    ...files.map(({ file, rows }) => `  ${file.padEnd(26)} ${plural(rows, "row")}`),
    `${plural(factors.length, "factor")}, ${plural(names, "name")} of which ${formatCount(complete)} have all exposures and a specific risk.`,
    `Model: ${plural(model.sessions, "session")} from ${model.from} to ${model.to}, autocovariances to ${model.lag}, correlations drawn to zero by ${(100 * model.shrinkage).toFixed(0)} %.`,
    ...(few + dependent > 0
      ? [
          `  ${plural(few, "session")} left out with fewer names than twice the factors, ${formatCount(dependent)} where some factors said the same.`,
        ]
      : []),
    ...(sparse.length > 0
      ? [`  Not in the model, as they have values for too few names: ${sparse.join(", ")}.`]
      : []),
  ].join("\n");
}
