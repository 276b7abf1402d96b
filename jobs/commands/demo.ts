import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { lastClosedSession } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { DemoFactor, DemoReport } from "../demo/job.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { whole } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly securities: number;
  readonly years: number;
  readonly seed: number;
  readonly out: string;
}

/** Sessions whose returns the table shows. */
const shownHorizon = "5";

/** `quarry demo` */
export function addDemo(program: Command, context: CommandContext): void {
  program
    .command("demo")
    .description("simulate a market and its vendors, run the real jobs on it, write tear sheets")
    .option("--securities <n>", "securities", whole(20, 10_000), 300)
    .option("--years <n>", "years of history", whole(2, 40), 6)
    .option("--seed <n>", "the same seed, the same market", whole(0, 2 ** 31), 1)
    .option("--out <folder>", "folder of the pages", "out")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { securities, seed, out } = flags;
      // A warehouse of its own, anew each time: simulated prices never meet anybody's real ones.
      const home = flags.home ?? join(out, "home");
      if (flags.home === undefined) await rm(home, { recursive: true, force: true });
      const to = lastClosedSession(Date.now());
      const from =
        `${Number(to.slice(0, 4)) - flags.years}${to.slice(4).replace("-02-29", "-02-28")}` as TradingDay;
      const args = { securities, seed, out, from, to };
      await runJob<DemoReport>(
        {
          name: "demo",
          parameters: args,
          job: async (deps, signal) => {
            const { run } = await import("../demo/job.ts");
            return run(args, deps, signal);
          },
          show: (report) => show(report, home),
        },
        { ...flags, home },
        context,
      );
    });
}

function show(report: DemoReport, home: string): string {
  const { backfill, compute, factors, pages, plan, kill, reports, texts } = report;
  const { admission } = backfill;
  const fixed = (value: number | null | undefined, digits: number): string =>
    value?.toFixed(digits) ?? "–";
  const passes = ({ result }: DemoFactor): string => {
    const at = result.horizons.filter((horizon) => result.fdr.rejected[String(horizon)]);
    return at.length === 0 ? "luck is enough" : `passes at ${at.join(", ")}`;
  };
  const fdr = factors[0]?.result.fdr;
  return [
    "",
    `Planned: ${plural(plan.requests, "request")} in ${plural(plan.children, "process", "processes")}. ${killed(kill)}`,
    `Simulated market: ${plural(admission?.admitted ?? 0, "bar")} of ${plural(backfill.fetched, "security", "securities")}, ${plural(backfill.actions, "corporate action")}; ${plural(reports.loaded.facts, "fact")} that ${formatCount(reports.companies)} companies reported; ${formatCount(compute.values)} factor values.`,
    `Texts: ${plural(texts.articles, "article")} that tell ${plural(texts.stories, "story", "stories")}, ${plural(texts.reports, "annual report")} read, by word lists (${texts.score_set}); one as a page: ${texts.page}`,
    "",
    textTable<DemoFactor>(
      [
        { head: "factor", cell: ({ result, of }) => result.factor + (of ? `, ${of}` : "") },
        { head: "IC", cell: ({ result }) => fixed(result.ic[shownHorizon]!.mean, 4), right: true },
        {
          head: "HAC t",
          cell: ({ result }) => fixed(result.ic[shownHorizon]!.t_hac, 2),
          right: true,
        },
        {
          head: "iid t",
          cell: ({ result }) => fixed(result.ic[shownHorizon]!.t_iid, 2),
          right: true,
        },
        {
          head: "p adjusted",
          cell: ({ result }) => fixed(result.fdr.p_adjusted[shownHorizon] ?? null, 4),
          right: true,
        },
        {
          head: "net Sharpe",
          cell: ({ result }) => fixed(result.declared.net_sharpe[shownHorizon], 2),
          right: true,
        },
        { head: "false-discovery verdict", cell: passes },
        { head: "truth", cell: ({ truth }) => (truth === "none" ? "worth nothing" : truth) },
      ],
      factors,
    ),
    "",
    `IC, t, p and Sharpe at ${shownHorizon} sessions, delay 1. ${fdr?.trials ?? 0} trials counted, false discovery rate ${fdr?.q ?? ""}. All of it is simulated.`,
    `Look around: npx quarry query "SHOW TABLES" --home ${home}`,
    `Take it elsewhere: npx quarry publish --to ./lake --home ${home}`,
    `Open ${pages[0] ?? ""}`,
  ].join("\n");
}

function killed({ pid, afterRequests, requests }: DemoReport["kill"]): string {
  if (pid === 0) return `It took ${plural(requests, "request")}.`;
  return `One process was killed after ${plural(afterRequests, "request")}; the run went on, ${formatCount(requests)} requests in all, and no row is there twice.`;
}
