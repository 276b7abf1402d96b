import type { Command } from "commander";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, formatDuration, plural } from "../../shared/units.ts";
import type { ComputeReport } from "../compute-factors/job.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { checkRange, day, list } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly factors?: string[];
  readonly from: TradingDay;
  readonly to: TradingDay;
}

/** `quarry compute` */
export function addCompute(program: Command, context: CommandContext): void {
  program
    .command("compute")
    .description("compute factors of the library from the prices in the warehouse")
    .option("--factors <list>", "names, separated by commas; all by default", list)
    .requiredOption("--from <day>", "first day", day)
    .requiredOption("--to <day>", "last day", day)
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { from, to } = flags;
      checkRange(from, to, newYorkDay(Date.now()));
      const { loadLibrary, pickFactors } = await import("../../shared/factors/load-library.ts");
      const factors = pickFactors(await loadLibrary(), flags.factors);
      await runJob<ComputeReport>(
        {
          name: "compute",
          parameters: { factors: factors.map(({ name }) => name), from, to },
          job: async (deps, signal) => {
            const { run } = await import("../compute-factors/job.ts");
            return run({ factors, from, to }, deps, signal);
          },
          show,
        },
        flags,
        context,
      );
    });
}

function show(report: ComputeReport): string {
  const { computed, held, securities, sessions, values, compute_ms, write_ms } = report;
  const lines = [`Prices from ${report.sources.join(", then ")}.`];
  if (computed.length > 0) {
    const total = compute_ms + write_ms;
    lines.push(
      `${plural(computed.length, "factor")} of ${plural(securities, "security", "securities")} over ${plural(sessions, "session")}: ${formatCount(values)} values in ${formatDuration(total)} (${Math.round((100 * write_ms) / total)} % writing): ${computed.join(", ")}`,
    );
  }
  if (held.length > 0) {
    lines.push(
      `${plural(held.length, "factor")} held already, from the same prices: ${held.join(", ")}`,
    );
  }
  return lines.join("\n");
}
