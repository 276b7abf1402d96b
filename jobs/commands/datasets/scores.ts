import { chosenModel } from "../../../shared/text/chosen-model.ts";
import type { ProviderName } from "../../../shared/text/providers.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import { settingsOf } from "../../run-job.ts";
import type { ScoresReport } from "../../score-news/backfill.ts";
import type { ScorePlanRequest } from "../../score-news/plan.ts";
import { day, list, whole } from "../flags.ts";
import { addProviderFlags } from "../model-flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly prompt?: string;
  readonly from?: TradingDay;
  readonly to?: TradingDay;
  readonly tickers?: string[];
  readonly concurrency: number;
}

/** `quarry backfill scores` */
export const scores: DatasetCommand<ScorePlanRequest, Flags, ScoresReport> = {
  dataset: "scores",
  description: "the sentiment of news by a language model, a day's stories at a time",
  addFlags: (command) =>
    addProviderFlags(command)
      .option("--from <day>", "first day of publication", day)
      .option("--to <day>", "last day of publication", day)
      .option("--tickers <list>", "only news of these", list)
      .option("--prompt <file>", "a prompt of your own, with {text} where the text is to stand")
      .option("--concurrency <n>", "questions under way at once, a process", whole(1, 1000), 32),
  async argsOf(flags) {
    const { readPromptText } = await import("../../../shared/text/prompt.ts");
    return {
      // Whoever types it says which model it is: children are told.
      ...chosenModel({ provider: flags.provider, model: flags.model }, settingsOf(flags)),
      prompt: await readPromptText("news-sentiment", flags.prompt),
      from: flags.from,
      to: flags.to,
      tickers: flags.tickers,
      concurrency: flags.concurrency,
      only: flags.only,
      newestFirst: flags.newestFirst,
    };
  },
  show: (report) =>
    [
      `${plural(report.days, "day")} with news: ${formatCount(report.scored)} scored, ${formatCount(report.held)} held already, ${formatCount(report.failed.length)} failed, ${formatCount(report.missing.length)} not asked for.`,
      `${plural(report.stories, "story", "stories")}, ${formatCount(report.bought)} asked now${report.spent_usd === null || report.spent_usd === 0 ? "" : `, ${report.spent_usd.toFixed(4)} USD`}; ${plural(report.loaded, "score")} by ${report.score_set} came in.`,
      ...Object.entries(report.unscored).map(
        ([state, count]) => `  ${formatCount(count)} ${state.replaceAll("_", " ")}`,
      ),
    ].join("\n"),
};
