import { workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import { openTavilyLane, tavilyLaneOf } from "../../shared/text/news/tavily-lane.ts";
import { fetchNews } from "./fetch-news.ts";
import { keyOf, unitsOfRun, type NewsUnit } from "./units.ts";

/** News, as runs see them. */
export const dataset: Dataset<NewsUnit> = {
  name: "news",
  keyOf,
  // News of a day are there when they were asked for on it, and no earlier day is missing.
  isDone: ({ from, to }, told) =>
    told.some((one) => one.state === "done" && one.to >= to && one.from <= from),
  lane: tavilyLaneOf,
  unitsOf: unitsOfRun,
  async open({ source }, deps, holder, wanted) {
    const tavily = await openTavilyLane(deps, holder, wanted);
    const fetchDeps = { objects: deps.objects, tavily, source };
    return {
      work: workOf(dataset, source, (unit, signal) => fetchNews(unit, fetchDeps, signal)),
      concurrency: 2 * tavily.slots,
      requests: tavily.requests,
      ratePerSecond: tavily.ratePerSecond,
      close: tavily.release,
    };
  },
};
