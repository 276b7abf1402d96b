import type { Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { isListName } from "../../shared/market/universe.ts";
import type { EvaluateArgs, GroupFile, UniverseFile } from "../evaluate-factors/args.ts";
import { day, horizons, list, number, readUniverseFile, whole } from "./flags.ts";

/** Flags that say how factors are evaluated. */
export interface EvaluateFlags {
  readonly groups?: string;
  readonly horizons: number[];
  readonly quantiles: number;
  readonly delay?: number;
  readonly universe?: string;
  readonly minPrice?: number;
  readonly minAdv?: number;
  readonly neutralize?: string[];
  readonly costBps: number;
  readonly fdr: number;
  readonly delistingReturn?: number;
  readonly trials?: number;
  readonly from?: TradingDay;
  readonly to?: TradingDay;
}

/** Gives a command the flags that say how factors are evaluated. */
export function addEvaluateFlags(command: Command): Command {
  return command
    .option(
      "--groups <file|list>",
      'groups by ticker: JSON {"AAPL": "Technology"} or CSV ticker, group; or a list of "quarry import memberships", as known on each day',
    )
    .option("--horizons <list>", "horizons in sessions", horizons, [1, 5, 10, 21])
    .option("--quantiles <n>", "equal parts of each day", whole(2, 80), 5)
    .option(
      "--delay <n>",
      "sessions between the factor's day and the trade; 0 with --values, else 1",
      whole(0, 250),
    )
    .option(
      "--universe <file|list>",
      'CSV ticker, start, end: only members on their days; or a list of "quarry import memberships", as known on each day',
    )
    .option("--min-price <dollars>", "lowest price on the day", number(0, 1e9))
    .option("--min-adv <dollars>", "lowest mean dollar volume of 21 days", number(0, 1e15))
    .option("--neutralize <list>", "group, beta, size: a neutral factor beside the raw one", list)
    .option("--cost-bps <bps>", "cost of a trade, basis points a side", number(0, 1000), 10)
    .option(
      "--fdr <q>",
      "share of false discoveries that is accepted",
      number(0.0001, 0.9999),
      0.05,
    )
    .option(
      "--delisting-return <r>",
      "return after the last price where nobody knows it",
      number(-1, 10),
    )
    .option("--trials <n>", "trials in all, where no warehouse counts them", whole(1, 1e9))
    .option("--from <day>", "first day of the factor", day)
    .option("--to <day>", "last day of the factor", day);
}

const neutralTo = ["group", "beta", "size"] as const;

/**
 * How factors are to be evaluated; files are read.
 *
 * @param usualDelay where no flag says it
 * @throws InvalidInput for flags that don't fit together, and files that can't be read
 */
export async function evaluateArgsOf(
  flags: EvaluateFlags,
  usualDelay: number,
): Promise<EvaluateArgs> {
  const odd = flags.neutralize?.find((name) => !neutralTo.includes(name as "group"));
  if (odd !== undefined) {
    throw new InvalidInput(`--neutralize: expected some of ${neutralTo.join(", ")}, got "${odd}".`);
  }
  if (flags.from !== undefined && flags.to !== undefined && flags.from > flags.to) {
    throw new InvalidInput(`--from ${flags.from} is after --to ${flags.to}.`);
  }
  return {
    horizons: flags.horizons,
    quantiles: flags.quantiles,
    delay: flags.delay ?? usualDelay,
    groups: flags.groups === undefined ? undefined : await groupsNamed(flags.groups),
    universe: flags.universe === undefined ? undefined : await universeNamed(flags.universe),
    minPrice: flags.minPrice,
    minAdv: flags.minAdv,
    neutralize: neutralTo.filter((name) => flags.neutralize?.includes(name)),
    costBps: flags.costBps,
    q: flags.fdr,
    delistingReturn: flags.delistingReturn,
    trials: flags.trials,
    series: false,
    html: undefined,
    from: flags.from,
    to: flags.to,
  };
}

async function groupsNamed(name: string): Promise<GroupFile> {
  if (isListName(name)) return { file: name, of: undefined };
  const { readGroups } = await import("../evaluate-factors/groups.ts");
  return readGroups(name);
}

/** A universe by its file, which is read, or by the name of a list of the warehouse. */
export async function universeNamed(name: string): Promise<UniverseFile> {
  return { file: name, members: isListName(name) ? undefined : await readUniverseFile(name) };
}
