import { newYorkDay } from "../../../shared/market/new-york.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { BackfillPricesArgs, BackfillReport } from "../../backfill-prices/job.ts";
import { checkRange, day, list, listingsOf, number } from "../flags.ts";
import { showAdmission } from "../show.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly from: TradingDay;
  readonly to?: TradingDay;
  readonly lossBudget: number;
}

/** `quarry backfill prices` */
export const prices: DatasetCommand<BackfillPricesArgs, Flags, BackfillReport> = {
  dataset: "prices",
  description: "daily prices as traded, splits and distributions, from Yahoo",
  addFlags: (command) =>
    command
      .option("--tickers <list>", "tickers, separated by commas", list)
      .option("--universe <file>", "CSV with columns ticker, start, end")
      .requiredOption("--from <day>", "first day", day)
      .option("--to <day>", "last day; today by default", day)
      .option("--loss-budget <share>", "share of rows that may be put aside", number(0, 1), 0.01),
  async argsOf({ tickers, universe, from, to: last, lossBudget, only, newestFirst }) {
    const today = newYorkDay(Date.now());
    const to = last ?? today;
    checkRange(from, to, today);
    const listings = await listingsOf(tickers, universe);
    return { listings, from, to, source: "yahoo", lossBudget, only, newestFirst };
  },
  show,
};

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
