import { newYorkDay } from "../../../shared/market/new-york.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { FilingsReport } from "../../backfill-filings/job.ts";
import type { FilingPlanRequest } from "../../backfill-filings/plan.ts";
import { checkRange, day, list, listingsOf } from "../flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly forms: string[];
  readonly from: TradingDay;
  readonly to?: TradingDay;
  readonly exhibits?: boolean;
  readonly source: string;
}

/** `quarry backfill filings` */
export const filings: DatasetCommand<FilingPlanRequest, Flags, FilingsReport> = {
  dataset: "filings",
  description: "documents of filings from EDGAR, and the text of reports by item",
  addFlags: (command) =>
    command
      .option("--tickers <list>", "tickers or CIKs, separated by commas", list)
      .option("--universe <file>", "CSV with a column ticker, and issuer where the CIK is known")
      .option("--forms <list>", "forms, exactly; an amendment is one of its own (10-K/A)", list, [
        "10-K",
        "10-Q",
        "8-K",
      ])
      .requiredOption("--from <day>", "first filing day", day)
      .option("--to <day>", "last filing day; today by default", day)
      .option("--exhibits", "the exhibits that are PDF too")
      .option("--source <name>", "name of the source, under which its rows are kept", "edgar"),
  async argsOf({ tickers, universe, forms, from, to: last, exhibits, source, only, newestFirst }) {
    const today = newYorkDay(Date.now());
    const to = last ?? today;
    checkRange(from, to, today);
    const companies = (await listingsOf(tickers, universe)).map(({ ticker, issuer }) => ({
      name: ticker,
      issuer,
    }));
    return { source, companies, forms, from, to, exhibits: exhibits === true, only, newestFirst };
  },
  show,
};

function show({
  units,
  held,
  fetched,
  loaded,
  without_items,
  failed,
  missing,
}: FilingsReport): string {
  return [
    `${plural(units, "filing")}: ${formatCount(fetched)} fetched, ${formatCount(held)} held already, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not asked for.`,
    `${plural(loaded.documents, "document")}, ${plural(loaded.items, "item")} of reports.`,
    ...(without_items.length > 0
      ? [`No item was found in ${without_items.slice(0, 10).join(", ")}.`]
      : []),
    ...failed.slice(0, 10).map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
  ].join("\n");
}
