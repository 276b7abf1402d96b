import type { Command } from "commander";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { BackfillReport } from "../backfill-prices/job.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { checkRange, day, list, listingsOf, number } from "./flags.ts";
import { showAdmission } from "./show.ts";

interface Flags extends CommonFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly from: TradingDay;
  readonly to?: TradingDay;
  readonly lossBudget: number;
}

/** `quarry backfill prices` */
export function addBackfill(program: Command, context: CommandContext): void {
  program
    .command("backfill")
    .description("bring history from a vendor into the warehouse")
    .command("prices")
    .description("daily prices as traded, splits and distributions, from Yahoo")
    .option("--tickers <list>", "tickers, separated by commas", list)
    .option("--universe <file>", "CSV with columns ticker, start, end")
    .requiredOption("--from <day>", "first day", day)
    .option("--to <day>", "last day; today by default", day)
    .option("--loss-budget <share>", "share of rows that may be put aside", number(0, 1), 0.01)
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { from, lossBudget } = flags;
      const today = newYorkDay(Date.now());
      const to = flags.to ?? today;
      checkRange(from, to, today);
      const listings = await listingsOf(flags.tickers, flags.universe);
      const { failureOf, run } = await import("../backfill-prices/job.ts");
      await runJob<BackfillReport>(
        {
          name: "backfill prices",
          parameters: { tickers: flags.tickers, universe: flags.universe, from, to, lossBudget },
          job: async (deps, signal) => {
            const { openYahooLane } = await import("../backfill-prices/yahoo-lane.ts");
            const args = { listings, from, to, source: "yahoo", lossBudget };
            return run(args, { ...deps, ...(await openYahooLane(deps)) }, signal);
          },
          show,
          failureOf,
        },
        flags,
        context,
      );
    });
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
