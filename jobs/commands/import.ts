import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { isListName } from "../../shared/market/universe.ts";
import { plural } from "../../shared/units.ts";
import { bases, type Basis } from "../../shared/warehouse/tables/price-sources.ts";
import type { MembershipsReport } from "../import-memberships/job.ts";
import type { ImportNewsReport } from "../import-news/job.ts";
import type { ImportReport } from "../import-prices/job.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { day, number } from "./flags.ts";
import { showAdmission } from "./show.ts";

interface Flags extends CommonFlags {
  readonly source: string;
  readonly basis: Basis;
  readonly lossBudget: number;
}

/** `quarry import prices FILE...` and `quarry import memberships FILE` */
export function addImport(program: Command, context: CommandContext): void {
  const command = program
    .command("import")
    .description("bring a vendor's own files into the warehouse");
  addMemberships(command, context);
  addNews(command, context);
  command
    .command("prices")
    .description(
      "prices from CSV or Parquet, long (date,ticker,close,...) or wide (a column a ticker); gzip too",
    )
    .argument("<file...>", "files; all of them go in, or none")
    .requiredOption("--source <name>", "name of the source, under which its bars are kept")
    .addOption(
      new Option("--basis <basis>", "what the prices are; events are applied to raw ones only")
        .choices(bases)
        .makeOptionMandatory(),
    )
    .option("--loss-budget <share>", "share of rows that may be put aside", number(0, 1), 0.01)
    .action(async (files: string[], _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { source, basis, lossBudget } = flags;
      const parameters = { files, source, basis, lossBudget };
      await runJob<ImportReport>(
        {
          name: "import prices",
          parameters,
          job: async (deps, signal) => {
            const { run } = await import("../import-prices/job.ts");
            return run(parameters, deps, signal);
          },
          show,
        },
        flags,
        context,
      );
    });
}

function show({ source, basis, files, held, admission }: ImportReport): string {
  const lines = files.flatMap(({ file, shape, columns_ignored }) => [
    `${file} (${shape}${columns_ignored.length > 0 ? `; ignored: ${columns_ignored.join(", ")}` : ""})`,
  ]);
  if (held.length > 0) {
    lines.push(
      `${plural(held.length, "file")} imported before, byte for byte: nothing added (${held.join(", ")})`,
    );
  }
  return [
    ...lines,
    ...(admission ? showAdmission(admission) : []),
    `Source ${source}, ${basis}.`,
  ].join("\n");
}

interface NewsFlags extends CommonFlags {
  readonly source: string;
  readonly lossBudget: number;
}

function addNews(parent: Command, context: CommandContext): void {
  parent
    .command("news")
    .description(
      "an archive of articles, JSON by the line: url, title, text, published_at, publisher, tickers",
    )
    .argument("<file>", "JSON by the line")
    .requiredOption("--source <name>", "name of the source, under which its articles are kept")
    .option("--loss-budget <share>", "share of lines that may be put aside", number(0, 1), 0.01)
    .action(async (file: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<NewsFlags>();
      const parameters = { file, source: flags.source, lossBudget: flags.lossBudget };
      await runJob<ImportNewsReport>(
        {
          name: "import news",
          parameters,
          job: async (deps, signal) => {
            const { run } = await import("../import-news/job.ts");
            return run(parameters, deps, signal);
          },
          show: (report) =>
            [
              `${plural(report.lines, "line")}: ${plural(report.articles, "new article")} (${report.repeats} of them repeat a story, ${report.undated} are undated, ${report.unlinked} name no security), ${plural(report.links, "link")} to securities.`,
              ...(report.quarantined > 0
                ? [`${plural(report.quarantined, "line")} put aside (table quarantine).`]
                : []),
            ].join("\n"),
        },
        flags,
        context,
      );
    });
}

interface MembershipFlags extends CommonFlags {
  readonly list: string;
  readonly knownAt?: TradingDay;
}

function addMemberships(parent: Command, context: CommandContext): void {
  parent
    .command("memberships")
    .description(
      "a universe or groups by ticker, with the days and times from which they are known: CSV ticker, start, end, group, known_at",
    )
    .argument("<file>", "CSV")
    .requiredOption("--list <name>", "name of the list, for --universe and --groups", listName)
    .option(
      "--known-at <day>",
      "day at whose end the whole file was known, where its lines do not say",
      day,
    )
    .action(async (file: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<MembershipFlags>();
      const parameters = { file, list: flags.list, knownAt: flags.knownAt };
      await runJob<MembershipsReport>(
        {
          name: "import memberships",
          parameters,
          job: async (deps) => {
            const { run } = await import("../import-memberships/job.ts");
            return run(parameters, deps);
          },
          show: ({ list, tickers, changes, added, undated }) =>
            [
              `List ${list}: ${plural(tickers, "ticker")}, ${plural(changes, "change")}, ${added} of them new.`,
              ...(undated > 0
                ? [
                    `${plural(undated, "line")} without a start: known from now on, and on no earlier day; --known-at says otherwise.`,
                  ]
                : []),
            ].join("\n"),
        },
        flags,
        context,
      );
    });
}

function listName(text: string): string {
  if (isListName(text)) return text;
  throw new InvalidInput(`--list: expected letters, digits, - and _, got "${text}".`);
}
