import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { plural } from "../../shared/units.ts";
import type { PortfoliosReport } from "../style-portfolios/job.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { checkRange, day } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly from: TradingDay;
  readonly to?: TradingDay;
  readonly riskfree?: string;
  readonly csv?: string;
}

/** `quarry portfolios` */
export function addPortfolios(program: Command, context: CommandContext): void {
  program
    .command("portfolios")
    .description("daily returns of market, SMB, HML, RMW and CMA, by Fama and French's sorts")
    .requiredOption("--from <day>", "first day", day)
    .option("--to <day>", "last day; today by default", day)
    .option(
      "--riskfree <file>",
      "CSV with day and rate, a fraction a day; else the market's return is raw",
    )
    .option("--csv <file>", "writes the returns there")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const today = newYorkDay(Date.now());
      const { from, to = today, riskfree } = flags;
      checkRange(from, to, today);
      await runJob<PortfoliosReport>(
        {
          name: "portfolios",
          parameters: { from, to, riskfree },
          job: async (deps, signal) => {
            const { run } = await import("../style-portfolios/job.ts");
            const report = await run({ from, to, riskFree: riskfree }, deps, signal);
            if (flags.csv !== undefined) await writeFile(flags.csv, asCsv(report));
            return report;
          },
          show,
        },
        flags,
        context,
      );
    });
}

const names = ["market", "smb", "hml", "rmw", "cma"] as const;

function asCsv({ returns }: PortfoliosReport): string {
  const lines = returns.map((row) =>
    [row.day, ...names.map((name) => row[name] ?? ""), row.securities].join(","),
  );
  return `${["day", ...names, "securities"].join(",")}\n${lines.join("\n")}\n`;
}

function show({ returns, summary, notes }: PortfoliosReport): string {
  const [first, last] = [returns[0], returns.at(-1)];
  if (first === undefined || last === undefined) return "No session lies between these days.";
  return [
    `${plural(returns.length, "session")} from ${first.day} to ${last.day}:`,
    "",
    textTable(
      [
        { head: "portfolio", cell: (row) => row.name },
        { head: "sessions", cell: (row) => String(row.sessions), right: true },
        { head: "mean a year", cell: (row) => `${(100 * row.mean).toFixed(2)} %`, right: true },
        {
          head: "deviation a year",
          cell: (row) => `${(100 * row.deviation).toFixed(2)} %`,
          right: true,
        },
        { head: "t", cell: (row) => row.t.toFixed(2), right: true },
      ],
      summary,
    ),
    "",
    ...notes,
  ].join("\n");
}
