import { InvalidInput } from "../../../shared/errors.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { FactsReport } from "../../backfill-facts/job.ts";
import type { FactPlanRequest } from "../../backfill-facts/plan.ts";
import { day, list, readUniverseFile } from "../flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly all?: boolean;
  readonly since?: TradingDay;
  readonly bulk?: string;
  readonly submissions?: string;
  readonly source: string;
}

/** `quarry backfill facts` */
export const facts: DatasetCommand<FactPlanRequest, Flags, FactsReport> = {
  dataset: "facts",
  description: "what companies report, and when it was known, from EDGAR",
  addFlags: (command) =>
    command
      .option("--tickers <list>", "tickers or CIKs, separated by commas", list)
      .option("--universe <file>", "CSV with a column ticker, and issuer where the CIK is known")
      .option("--all", "all companies: by the nightly zips, or with --since by the API")
      .option("--since <day>", "only companies that filed on this day or later", day)
      .option("--bulk <file>", "a companyfacts.zip of this machine in the place of EDGAR's")
      .option("--submissions <file>", "a submissions.zip of this machine, with --bulk")
      .option("--source <name>", "name of the source, under which its rows are kept", "edgar"),
  async argsOf({ tickers, universe, all, since, bulk, submissions, source, only, newestFirst }) {
    const whole = all === true || bulk !== undefined;
    if ([tickers !== undefined, universe !== undefined, whole].filter(Boolean).length !== 1) {
      throw new InvalidInput(
        "Expected one of --tickers AAPL,320193, --universe FILE, --all, and --bulk companyfacts.zip.",
      );
    }
    if (submissions !== undefined && bulk === undefined) {
      throw new InvalidInput("--submissions goes with --bulk: both zips are of the same night.");
    }
    if (bulk !== undefined && since !== undefined) {
      throw new InvalidInput(
        "--since goes by EDGAR's daily index, and --bulk is a file: leave one out.",
      );
    }
    const companies = whole
      ? undefined
      : universe === undefined
        ? tickers!.map((name) => ({ name, issuer: undefined }))
        : (await readUniverseFile(universe)).map(({ ticker, issuer }) => ({
            name: ticker,
            issuer,
          }));
    return { source, companies, since, bulk, submissions, only, newestFirst };
  },
  show,
};

/** The report in a few lines; the failures at their length up to ten. */
function show(report: FactsReport): string {
  const { units, held, fetched, failed, missing, loaded, without_facts, damaged, linked } = report;
  return [
    `${plural(units, "fetch unit")}: ${formatCount(fetched)} fetched, ${formatCount(held)} held already, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not asked for.`,
    `${plural(loaded.facts, "new fact")}, ${formatCount(loaded.held)} held, ${formatCount(loaded.quarantined)} put aside, ${formatCount(loaded.changed)} changed and ${formatCount(loaded.vanished)} vanished under their accession: flagged, and kept as they were.`,
    ...(linked > 0 ? [`${plural(linked, "security", "securities")} found their issuer.`] : []),
    ...(without_facts.length > 0
      ? [`Without facts: ${without_facts.slice(0, 10).join(", ")}.`]
      : []),
    ...(damaged.entries > 0
      ? [
          `${plural(damaged.entries, "entry", "entries")} of the zips could not be read: ${damaged.first}`,
        ]
      : []),
    ...failed.slice(0, 10).map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
    ...(failed.length > 10
      ? [`  ... and ${formatCount(failed.length - 10)} more; --json lists them all`]
      : []),
  ].join("\n");
}
