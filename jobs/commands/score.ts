import type { Command } from "commander";
import { Failed, InvalidInput, SourceUnavailable } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { ScoreNewsArgs, ScoreNewsPlan, ScoreNewsReport } from "../score-news/job.ts";
import type { ScoreFilingsReport } from "../score-filings/job.ts";
import { runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { day, list, whole } from "./flags.ts";
import { addModelFlags, type ModelFlags } from "./model-flags.ts";

interface NewsFlags extends ModelFlags {
  readonly from?: TradingDay;
  readonly to?: TradingDay;
  readonly tickers?: string[];
  readonly concurrency: number;
  readonly batch?: boolean;
  readonly wait?: boolean;
}

/** `quarry score news` and `quarry score show KEY` */
export function addScore(program: Command, context: CommandContext): void {
  const score = program
    .command("score")
    .description("numbers from text by language models, each bought once");
  addModelFlags(score.command("news"))
    .description("the sentiment of news on [-1, 1]; of articles that tell one story the first")
    .option("--from <day>", "first day of publication", day)
    .option("--to <day>", "last day of publication", day)
    .option("--tickers <list>", "only news of these", list)
    .option("--prompt <file>", "a prompt of your own, with {text} where the text is to stand")
    .option("--concurrency <n>", "questions under way at once", whole(1, 1000), 16)
    .option("--batch", "as batches of 100 and more, at half the price, hours later")
    .option("--wait", "with --batch: stay until they are done")
    .option("--dry-run", "say what it would take; nothing is asked")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<NewsFlags>();
      const parameters: ScoreNewsArgs = {
        provider: flags.provider,
        model: flags.model,
        from: flags.from,
        to: flags.to,
        tickers: flags.tickers,
        prompt: flags.prompt,
        budgetUsd: flags.budgetUsd,
        concurrency: flags.concurrency,
        batch: flags.batch,
        wait: flags.wait,
      };
      if (flags.wait && !flags.batch) {
        throw new InvalidInput("--wait: expected --batch with it; other questions are waited for.");
      }
      if (flags.dryRun) {
        await runJob<ScoreNewsPlan>(
          {
            name: "score news --dry-run",
            parameters,
            job: async (deps) => (await import("../score-news/job.ts")).plan(parameters, deps),
            show: showPlan,
          },
          flags,
          context,
        );
        return;
      }
      await runJob<ScoreNewsReport>(
        {
          name: "score news",
          parameters,
          job: async (deps, signal) =>
            (await import("../score-news/job.ts")).run(parameters, deps, signal),
          show: showReport,
          failureOf,
        },
        flags,
        context,
      );
    });
  addModelFlags(score.command("filings"))
    .description(
      "tone, likeness and readability of annual reports (10-K), ages and pay of proxy statements (DEF 14A)",
    )
    .option("--tickers <list>", "tickers or CIKs; all companies by default", list)
    .option("--concurrency <n>", "questions under way at once", whole(1, 1000), 8)
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<NewsFlags>();
      const parameters = {
        provider: flags.provider,
        model: flags.model,
        companies: flags.tickers,
        budgetUsd: flags.budgetUsd,
        concurrency: flags.concurrency,
      };
      await runJob<ScoreFilingsReport>(
        {
          name: "score filings",
          parameters,
          job: async (deps, signal) =>
            (await import("../score-filings/job.ts")).run(parameters, deps, signal),
          show: ({ annual_reports, proxy_statements, signals, bought }) =>
            [
              `${plural(annual_reports, "annual report")} measured, ${plural(proxy_statements, "proxy statement")} read (${formatCount(bought)} questions asked now).`,
              ...Object.entries(signals).map(
                ([name, count]) => `  ${name.padEnd(20)}${formatCount(count)}`,
              ),
            ].join("\n"),
          failureOf: ({ states }) => failureOf({ states }),
        },
        flags,
        context,
      );
    });
  score
    .command("show")
    .description("where a score comes from: document, prompt, model, reply, price")
    .argument("<key>", "key of the score, or its first letters")
    .action(async (key: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { showScore } = await import("./score-show.ts");
      await showScore(key, flags, settingsOf(flags), openTerminal(true));
    });
}

function showPlan(plan: ScoreNewsPlan): string {
  const { stories, held, tokens, dollars, minutes } = plan;
  return [
    `${plural(stories, "story", "stories")}, ${formatCount(held)} scored already by ${plan.score_set}.`,
    `To buy: ${formatCount(stories - held)}; some ${formatCount(tokens.in)} tokens in, at most ${formatCount(tokens.out)} out, ${dollars === null ? "at a price that nobody knows" : `${dollars.toFixed(4)} USD`}${minutes === null ? "" : `, ${minutes.toFixed(1)} minutes by the lane`}.`,
  ].join("\n");
}

function showReport(report: ScoreNewsReport): string {
  const states = Object.entries(report.states).map(
    ([state, count]) => `${formatCount(count)} ${state.replaceAll("_", " ")}`,
  );
  return [
    `${plural(report.stories, "story", "stories")}: ${states.join(", ") || "none"}; ${formatCount(report.bought)} asked now${report.spent_usd === null ? "" : `, ${report.spent_usd.toFixed(4)} USD`}.`,
    `Score set ${report.score_set} (${report.provider}).`,
    ...(report.failed_batches ?? []).map(({ batch, reason }) => `  batch ${batch}: ${reason}`),
    ...report.unscored.map(({ story, state, reason }) => `  ${story}: ${state}: ${reason}`),
  ].join("\n");
}

/** What is left for later is no success. */
function failureOf({ states }: Pick<ScoreNewsReport, "states">): Error | undefined {
  const ordered = states.ordered ?? 0;
  if (ordered > 0) {
    return new SourceUnavailable(
      `Bedrock is at ${plural(ordered, "text")}; run the same command again in some hours to collect them.`,
    );
  }
  const few = states.too_few ?? 0;
  if (few > 0) {
    return new Failed(
      `${plural(few, "text")} are too few for a batch: the same command without --batch asks for them.`,
    );
  }
  const later = (states.throttled ?? 0) + (states.claimed ?? 0);
  if (later > 0) {
    return new SourceUnavailable(
      `${plural(later, "text")} could not be scored now; run the same command again later.`,
    );
  }
  const over = states.over_budget ?? 0;
  return over > 0
    ? new Failed(
        `The budget is used up: ${plural(over, "text")} are left; the same command goes on.`,
      )
    : undefined;
}
