import { InvalidInput } from "../../shared/errors.ts";
import { tickersByDay } from "../../shared/evaluation/groups-by-day.ts";
import {
  loadFactor,
  loadPrices,
  storedFactor,
  type StoredFactor,
} from "../../shared/evaluation/load-tables.ts";
import type { Groups } from "../../shared/evaluation/tables.ts";
import type { FactorWords } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { sessions } from "../../shared/market/calendar.ts";
import { endedBy } from "../../shared/market/security.ts";
import { earlierDay, laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { readingOrder } from "../../shared/warehouse/tables/price-sources.ts";
import { tickerSpans } from "../../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";
import type { EvaluateArgs, GroupFile } from "./args.ts";
import { groupsOf, groupsOfList } from "./groups.ts";
import { listNamed, membersOf } from "./lists.ts";
import type { Prepared } from "./prepared.ts";

/**
 * The factors of these names, and over which days and securities they have values.
 *
 * @throws InvalidInput for a factor without values
 */
export async function storedFactors(
  warehouse: Warehouse,
  names: readonly string[],
): Promise<StoredFactor[]> {
  const library = new Set((await loadLibrary()).map(({ name }) => name));
  return Promise.all(
    names.map(async (name) => {
      const found = await storedFactor(warehouse, name);
      if (found) return found;
      throw new InvalidInput(
        library.has(name)
          ? `The warehouse holds no values of ${name}: run "quarry compute --factors ${name} --from DAY --to DAY" first.`
          : `Expected a factor of the library ("quarry factors" lists them), got "${name}".`,
      );
    }),
  );
}

/**
 * Prepares factors of the warehouse: one table of prices serves them all.
 *
 * @param names factors that were computed
 * @throws InvalidInput for a factor without values
 */
export async function prepareStored(
  names: readonly string[],
  args: EvaluateArgs,
  { warehouse, settings }: Pick<Deps, "warehouse" | "settings">,
): Promise<Prepared> {
  const library = new Map((await loadLibrary()).map((factor) => [factor.name, factor]));
  const stored = await storedFactors(warehouse, names);
  const first = stored.map(({ from }) => from).reduce(earlierDay);
  const last = stored.map(({ to }) => to).reduce(laterDay);
  const days = sessions(laterDay(args.from ?? first, first), earlierDay(args.to ?? last, last));
  if (days.length === 0) {
    throw new InvalidInput(
      `The factors have values from ${first} to ${last}, and none in the range asked for.`,
    );
  }
  const assets = [...new Set(stored.flatMap(({ securities }) => securities))].sort();
  const order = await readingOrder(warehouse, settings.get("sources"));
  const spans = await tickerSpans(warehouse);
  const priceDays = sessionsAround(days, args, await lastBar(warehouse));
  const { prices, closes, dollarVolumes, endings } = await loadPrices(
    warehouse,
    order,
    priceDays,
    assets,
    { closes: args.minPrice !== undefined, dollarVolumes: args.minAdv !== undefined },
    endedBy(spans, priceDays.at(-1)!),
  );
  const tickersOf = tickersByDay(spans, assets);
  const latest = assets.map((_, column) => tickersOf(column, days.at(-1)!));
  const sources = order.map(({ source }) => source);
  const groups = async ({ file, of }: GroupFile): Promise<Groups> =>
    of
      ? groupsOf(file, of, latest)
      : groupsOfList(file, await listNamed(file, warehouse), days, assets.length, tickersOf);
  return {
    prices,
    factors: stored.map((found) => ({
      name: found.factor,
      version: String(found.version),
      words: wordsOf(library.get(found.factor)),
      load: () => loadFactor(warehouse, found, days, assets),
    })),
    endings,
    groups: args.groups && (await groups(args.groups)),
    filters: {
      universe: args.universe && (await membersOf(args.universe, warehouse)),
      minPrice: closes && { limit: args.minPrice!, prices: closes },
      minAdv: dollarVolumes && { limit: args.minAdv!, dollarVolumes },
    },
    tickersOf,
    marketCaps: undefined,
    label: `warehouse: ${sources.join(", then ")}`,
    sources,
    simulated: sources.includes("simulated"),
  };
}

/** What a factor says of itself. */
export function wordsOf(factor: FactorWords | undefined): FactorWords | undefined {
  if (factor === undefined) return undefined;
  const { title, version, formula, reference, sign, lookback } = factor;
  return { title, version, formula, reference, sign, lookback };
}

/** Sessions before a day that its beta looks at. */
const betaDays = 252;

/** The sessions whose prices are needed: of the factor's days, of the returns after them, of the betas before them. */
function sessionsAround(
  days: readonly TradingDay[],
  { horizons, delay, neutralize }: EvaluateArgs,
  last: TradingDay,
): TradingDay[] {
  const all = sessions("1970-01-01" as TradingDay, laterDay(last, days.at(-1)!));
  const from = all.indexOf(days[0]!) - (neutralize.includes("beta") ? betaDays : 0);
  // One more for the day after the last trade.
  const to = all.indexOf(days.at(-1)!) + delay + Math.max(...horizons) + 1;
  return all.slice(Math.max(0, from), to + 1);
}

async function lastBar(warehouse: Deps["warehouse"]): Promise<TradingDay> {
  const rows = await warehouse.rows<{ last: TradingDay }>("SELECT max(day) AS last FROM bars");
  return rows[0]!.last;
}
