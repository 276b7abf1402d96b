import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import type { StoredReport } from "../../shared/text/report/read-report.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { ShownReport } from "../../shared/warehouse/tables/reports.ts";
import type { ReadReportArgs, ReadReportReport } from "../read-report/job.ts";
import { runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { day, whole } from "./flags.ts";
import { addModelFlags, type ModelFlags } from "./model-flags.ts";

interface ReadFlags extends ModelFlags {
  readonly ticker?: string;
  readonly periodEnd?: TradingDay;
  readonly published?: TradingDay;
  readonly password?: string;
  readonly concurrency: number;
}

/** `quarry read-report FILE` */
export function addReadReport(program: Command, context: CommandContext): void {
  addModelFlags(program.command("read-report"))
    .description("read an annual report: five categories rated, key data with page and quote")
    .argument("<file>", "a PDF, or s3://bucket/key; reports/<TICKER>/<period-end>/... names itself")
    .option("--ticker <ticker>", "whose report it is")
    .option("--period-end <day>", "last day of the year that it is about", day)
    .option("--published <day>", "day on which it was published; known at its end", day)
    .option("--password <password>", "of an encrypted file")
    .option("--concurrency <n>", "parts read at once", whole(1, 100), 4)
    .action(async (file: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ReadFlags>();
      const { ticker, periodEnd, published } = flags;
      const { identityOfKey } = await import("../read-report/identify.ts");
      if ((ticker === undefined) !== (periodEnd === undefined)) {
        throw new InvalidInput("Expected --ticker and --period-end together.");
      }
      const identity =
        ticker === undefined || periodEnd === undefined
          ? identityOfKey(file)
          : { ticker, periodEnd, published };
      if (identity === undefined) {
        throw new InvalidInput(
          `${file}: expected --ticker and --period-end, or a name like reports/MSFT/2023-06-30/report.pdf.`,
        );
      }
      const parameters: ReadReportArgs = {
        provider: flags.provider,
        model: flags.model,
        path: file,
        file,
        identity,
        password: flags.password,
        budgetUsd: flags.budgetUsd,
        concurrency: flags.concurrency,
      };
      const { run, failureOf } = await import("../read-report/job.ts");
      await runJob<ReadReportReport>(
        {
          name: "read-report",
          // A password is nobody's business.
          parameters: { ...parameters, password: undefined },
          job: (deps, signal) => run(parameters, deps, signal),
          show,
          failureOf,
        },
        flags,
        context,
      );
    });
}

function show(report: ReadReportReport): string {
  const { pages, ratings, key_data } = report;
  const list = (numbers: readonly number[]): string =>
    numbers.length === 0
      ? ""
      : ` (${numbers.slice(0, 20).join(", ")}${numbers.length > 20 ? ", ..." : ""})`;
  return [
    `${report.file}: ${plural(pages.count, "page")}: ${formatCount(pages.text)} with text, ${pages.scanned.length} scanned${list(pages.scanned)}, ${pages.blank.length} blank${list(pages.blank)}; ${plural(report.parts, "part")} read, ${formatCount(report.bought)} questions asked${report.spent_usd === null ? "" : `, ${report.spent_usd.toFixed(4)} USD`}.`,
    ...Object.entries(ratings).map(
      ([category, rating]) =>
        `  ${category.padEnd(42)}${rating === null ? "none" : rating.toFixed(1)}`,
    ),
    ...(report.score_key === null
      ? []
      : [
          `${plural(key_data.verified, "key datum", "key data")} verified on their pages, ${key_data.unverified} not. Score ${report.score_key.slice(0, 16)} of ${report.score_set ?? ""}.`,
        ]),
    ...(report.linked
      ? []
      : [
          `No security trades as ${report.ticker ?? "?"} here yet: read it again when its prices are there, which costs nothing.`,
        ]),
  ].join("\n");
}

interface ShowFlags extends CommonFlags {
  readonly html?: string;
  readonly published?: boolean;
}

/** `quarry report show TICKER YEAR` */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("annual reports that were read")
    .command("show")
    .description("what a report says, with pages and quotes")
    .argument("<ticker>", "ticker")
    .argument("<year>", "year in which its period ends", whole(1970, 2100))
    .option("--html <file>", "write a page with the citations")
    .option("--published", "with --json: key data as texts alone, as the prompt was published")
    .action(async (ticker: string, year: number, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ShowFlags>();
      const [{ openWarehouse }, { reportsOf }, { describeReport, reportPage }, { publishedShape }] =
        await Promise.all([
          import("../../shared/warehouse/connect.ts"),
          import("../../shared/warehouse/tables/reports.ts"),
          import("../read-report/show.ts"),
          import("../../shared/text/report/read-report.ts"),
        ]);
      const warehouse = await openWarehouse(settingsOf(flags));
      try {
        const reports = await reportsOf(warehouse, comparable(ticker), year);
        const [latest] = reports;
        if (latest === undefined) {
          throw new InvalidInput(
            `No report of ${ticker} for ${year} was read: quarry read-report FILE --ticker ${ticker} --period-end ${year}-12-31.`,
          );
        }
        const { parsed, text } = describeReport(latest);
        if (flags.html !== undefined) await writeFile(flags.html, reportPage(latest, parsed));
        openTerminal(true).print(
          flags.json
            ? JSON.stringify(
                flags.published && parsed ? publishedShape(parsed) : documentOf(latest, parsed),
                null,
                2,
              )
            : flags.html === undefined
              ? text
              : `${text}\n\nPage: ${flags.html}`,
        );
      } finally {
        await warehouse.close();
      }
    });
}

/** A report as JSON tells it, with names as everywhere. */
function documentOf(row: ShownReport, report: StoredReport | undefined): object {
  return {
    report_id: row.reportId,
    security_id: row.securityId,
    ticker: row.ticker,
    period_end: row.periodEnd,
    known_at: row.knownAt,
    file: row.file,
    pages: row.pages,
    scanned: row.scanned,
    score_set: row.scoreSet,
    score_key: row.scoreKey,
    state: row.state,
    reason: row.reason,
    ...report,
  };
}
