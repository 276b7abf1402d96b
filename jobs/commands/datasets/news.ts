import { InvalidInput } from "../../../shared/errors.ts";
import { topics, type TavilyTopic } from "../../../shared/sources/tavily/topics.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { NewsReport } from "../../backfill-news/job.ts";
import type { NewsPlanRequest } from "../../backfill-news/plan.ts";
import { list, listingsOf, whole } from "../flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly tickers?: string[];
  readonly universe?: string;
  readonly days: number;
  readonly topics: string[];
  readonly source: string;
}

/** `quarry backfill news` */
export const news: DatasetCommand<NewsPlanRequest, Flags, NewsReport> = {
  dataset: "news",
  description: "articles from Tavily, linked to stories and securities",
  addFlags: (command) =>
    command
      .option("--tickers <list>", "tickers, separated by commas", list)
      .option("--universe <file>", "CSV with a column ticker")
      .option("--days <n>", "days of the past that are asked for", whole(1, 365), 7)
      .option(
        "--topics <list>",
        "news, which is dated; finance and general, which count from when they were seen",
        list,
        ["news"],
      )
      .option("--source <name>", "name of the source, under which its rows are kept", "tavily"),
  async argsOf({ tickers, universe, days, topics: asked, source, only, newestFirst }) {
    const odd = asked.find((topic) => !topics.includes(topic as TavilyTopic));
    if (odd !== undefined) {
      throw new InvalidInput(`--topics: expected some of ${topics.join(", ")}, got "${odd}".`);
    }
    const listings = await listingsOf(tickers, universe);
    return {
      source,
      tickers: listings.map(({ ticker }) => ticker),
      days,
      topics: asked as TavilyTopic[],
      only,
      newestFirst,
    };
  },
  show: ({ units, held, fetched, loaded, rejected, failed, missing }) =>
    [
      `${plural(units, "search", "searches")}: ${formatCount(fetched)} asked, ${formatCount(held)} held already, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not asked for.`,
      `${plural(loaded.articles, "new article")} (${formatCount(loaded.repeats)} of them repeat a story, ${formatCount(loaded.undated)} are undated, ${formatCount(loaded.unlinked)} name no security), ${plural(loaded.links, "link")} to securities.`,
      ...(rejected > 0 ? [`${plural(rejected, "result")} were no articles.`] : []),
      ...failed.slice(0, 10).map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
    ].join("\n"),
};
