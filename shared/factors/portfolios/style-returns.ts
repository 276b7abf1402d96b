import { factsFrom } from "../../fundamentals/issuer-facts.ts";
import { sessionCloseMs, sessions } from "../../market/calendar.ts";
import { fromDayNumber, type TradingDay } from "../../market/trading-day.ts";
import { readBars } from "../../warehouse/prices/read-bars.ts";
import type { PriceSource } from "../../warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import { CompanyReader } from "../company-reader.ts";
import { allSources, layOut, readPast } from "../compute.ts";
import { computeSecurity } from "../compute-security.ts";
import { defineFactor } from "../define.ts";
import { vintagesOf } from "../vintages.ts";
import { characteristicItems, characteristicsAt, type Characteristics } from "./characteristics.ts";
import { highMinusLow, sixReturns, smallMinusBig, sortTwoByThree, type Place } from "./sorts.ts";

/** Portfolio returns of one session; NaN where there are none. */
export interface StyleReturns {
  readonly day: TradingDay;
  /** Of all securities, value-weighted; less the risk-free rate where one was given. */
  readonly market: number;
  readonly smb: number;
  readonly hml: number;
  readonly rmw: number;
  readonly cma: number;
  /** Securities in the market's return. */
  readonly securities: number;
}

const plain = { version: 1, title: "", formula: "", reference: "", sign: 1 } as const;
const daily = defineFactor({
  ...plain,
  name: "daily_return",
  lookback: 1,
  inputs: ["daily_return"],
  compute({ daily_return }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = daily_return[t]!;
  },
});
const size = defineFactor({
  ...plain,
  name: "size",
  lookback: 0,
  inputs: ["market_cap"],
  compute({ market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = market_cap[t]!;
  },
});
/** Makes the reader bring the items that are sorted by. */
const sorted = { inputs: characteristicItems.map(({ name }) => name as "equity") };

/** Securities read by one statement. */
const readAtOnce = 128;

/** A security over the sessions. */
interface Member {
  readonly returns: Float64Array;
  readonly caps: Float64Array;
  /** By year of the sort. */
  readonly characteristics: ReadonlyMap<number, Characteristics>;
}

/**
 * Market, size, value, profitability and investment: returns of portfolios by Fama and French's sorts, made at the end of each June of
 * what was known then, weighted by the capitalisation of the close before.
 *
 * @param riskFree by day, a fraction a day; the market's return is raw without
 */
export async function styleReturns(
  warehouse: Warehouse,
  sources: readonly PriceSource[],
  { from, to }: { readonly from: TradingDay; readonly to: TradingDay },
  riskFree: ReadonlyMap<TradingDay, number> | undefined,
  signal: AbortSignal,
): Promise<StyleReturns[]> {
  const firstYear = Number(from.slice(0, 4)) - 1;
  const lastYear = Number(to.slice(0, 4));
  // From the December before the first sort.
  const begin = `${firstYear - 1}-12-01` as TradingDay;
  const { axis, window } = layOut([daily, size], begin, to);
  const days = Array.from(axis.days.subarray(window.from, window.to), fromDayNumber);
  const sorts = new Map<number, { june: number; december: number; atMs: number }>();
  for (let year = firstYear; year <= lastYear; year++) {
    const june = days.findLastIndex((day) => day <= `${year}-06-30`);
    const december = days.findLastIndex((day) => day <= `${year - 1}-12-31`);
    const lastOfJune = sessions(`${year}-06-01` as TradingDay, `${year}-06-30` as TradingDay).at(
      -1,
    )!;
    if (june < 0 || december < 0 || days[june] !== lastOfJune) continue;
    sorts.set(year, { june, december, atMs: sessionCloseMs(lastOfJune) });
  }
  const members: Member[] = [];
  const reader = (await CompanyReader.open(warehouse, [size, sorted]))!;
  const past = await readPast(warehouse, sources, await allSources(warehouse, sources), to);
  const market = new Float64Array(axis.days.length).fill(NaN);
  for (const { source, securities, actions, revisions } of past) {
    for (let at = 0; at < securities.length; at += readAtOnce) {
      signal.throwIfAborted();
      const some = securities.slice(at, at + readAtOnce);
      const companies = await reader.read(some);
      for await (const bars of readBars(warehouse, { source, securities: some, to })) {
        const id = bars.securityId;
        const vintages = vintagesOf(bars, actions.get(id) ?? [], revisions.get(id) ?? [], axis);
        const company = companies.get(id);
        const [returns, caps] = computeSecurity(
          [daily, size],
          vintages,
          axis,
          market,
          window,
          company,
        );
        const facts = company ? factsFrom(company.facts) : [];
        const characteristics = new Map(
          [...sorts].map(([year, { atMs }]) => [year, characteristicsAt(facts, year - 1, atMs)]),
        );
        members.push({ returns: returns!, caps: caps!, characteristics });
      }
    }
  }
  return returnsOf(members, days, sorts, riskFree).filter(({ day }) => day >= from);
}

function returnsOf(
  members: readonly Member[],
  days: readonly TradingDay[],
  sorts: ReadonlyMap<number, { june: number; december: number; atMs: number }>,
  riskFree: ReadonlyMap<TradingDay, number> | undefined,
): StyleReturns[] {
  const places = new Map<number, Record<"value" | "profit" | "growth", (Place | undefined)[]>>();
  for (const [year, { june, december }] of sorts) {
    const sizes = Float64Array.from(members, ({ caps }) => caps[june]!);
    const by = (pick: (of: Characteristics, member: Member) => number): (Place | undefined)[] =>
      sortTwoByThree(
        sizes,
        Float64Array.from(members, (member) => pick(member.characteristics.get(year)!, member)),
      );
    places.set(year, {
      value: by(({ bookEquity }, { caps }) =>
        bookEquity > 0 ? bookEquity / caps[december]! : NaN,
      ),
      profit: by(({ profitability }) => profitability),
      growth: by(({ investment }) => investment),
    });
  }
  return days.map((day, at) => {
    const weights = Float64Array.from(members, ({ caps }) => (at > 0 ? caps[at - 1]! : NaN));
    const returns = Float64Array.from(members, (member) => member.returns[at]!);
    let sum = 0;
    let total = 0;
    let securities = 0;
    for (let one = 0; one < members.length; one++) {
      if (!(weights[one]! > 0) || !Number.isFinite(returns[one]!)) continue;
      sum += weights[one]! * returns[one]!;
      total += weights[one]!;
      securities++;
    }
    const free = riskFree === undefined ? 0 : (riskFree.get(day) ?? NaN);
    // Portfolios of a June are held from the first session of July on.
    const year = day.slice(5) > "06-30" ? Number(day.slice(0, 4)) : Number(day.slice(0, 4)) - 1;
    const own = places.get(year);
    const nothing = {
      day,
      market: sum / total - free,
      securities,
      smb: NaN,
      hml: NaN,
      rmw: NaN,
      cma: NaN,
    };
    if (own === undefined) return nothing;
    const value = sixReturns(own.value, weights, returns);
    const profit = sixReturns(own.profit, weights, returns);
    const growth = sixReturns(own.growth, weights, returns);
    return {
      ...nothing,
      smb: (smallMinusBig(value) + smallMinusBig(profit) + smallMinusBig(growth)) / 3,
      hml: highMinusLow(value),
      rmw: highMinusLow(profit),
      // Who invests little, less who invests much.
      cma: -highMinusLow(growth),
    };
  });
}
