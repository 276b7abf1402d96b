import { annualValues } from "../../fundamentals/derive.ts";
import type { Fact } from "../../fundamentals/fact.ts";
import { items, type Item, type ItemName } from "../../fundamentals/items.ts";
import { factsOfItem, pick } from "../../fundamentals/vintage.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";

/** What Fama and French sort companies by, of the fiscal year that ended in the calendar year before; NaN where it is not known. */
export interface Characteristics {
  /** Equity at the end of the fiscal year, dollars. */
  readonly bookEquity: number;
  /** (revenue - cost of revenue - selling, general, administrative - interest) / equity. */
  readonly profitability: number;
  /** Growth of assets in the fiscal year. */
  readonly investment: number;
}

const itemOf = (name: ItemName): Item => items.find((item) => item.name === name)!;
const flows = {
  revenue: itemOf("revenue"),
  cost: itemOf("cost_of_revenue"),
  selling: itemOf("selling_general_administrative"),
  interest: itemOf("interest_expense"),
  netIncome: itemOf("net_income"),
};
const equity = itemOf("equity");
const assets = itemOf("assets");

/** The items that are read. */
export const characteristicItems: readonly Item[] = [...Object.values(flows), equity, assets];

const unknown: Characteristics = { bookEquity: NaN, profitability: NaN, investment: NaN };

/**
 * A company's characteristics as they were known at a moment.
 *
 * @param facts in the order in which they became known
 * @param year calendar year in which the fiscal year ended
 * @param atMs ms since 1970 UTC
 */
export function characteristicsAt(
  facts: readonly Fact[],
  year: number,
  atMs: number,
): Characteristics {
  const from = dayNumber(`${year}-01-01` as TradingDay);
  const to = dayNumber(`${year}-12-31` as TradingDay);
  // Prices are in dollars, and nothing is converted.
  const known = facts.filter(
    (fact) => fact.knownMs <= atMs && fact.end <= to && fact.unit === "USD",
  );
  const valuesOf = (item: Item): Fact[] => factsOfItem(known, item);
  const yearOf = (item: Item) =>
    annualValues(valuesOf(item), item, "restated").findLast(({ end }) => end >= from);
  // Any flow tells when the fiscal year ended; earnings are told by all.
  const end = (yearOf(flows.netIncome) ?? yearOf(flows.revenue))?.end;
  if (end === undefined) return unknown;
  const flow = (item: Item): number => {
    const value = yearOf(item);
    return value?.end === end ? value.value : NaN;
  };
  const instant = (item: Item, day: number, slack: number): number => {
    const near = valuesOf(item).filter(
      (fact) => Number.isNaN(fact.start) && Math.abs(fact.end - day) <= slack,
    );
    return pick(near, item, "restated")?.value ?? NaN;
  };
  const bookEquity = instant(equity, end, 0);
  const profit =
    flow(flows.revenue) - flow(flows.cost) - flow(flows.selling) - flow(flows.interest);
  return {
    bookEquity,
    profitability: bookEquity > 0 ? profit / bookEquity : NaN,
    investment: instant(assets, end, 0) / instant(assets, end - 365, 20) - 1,
  };
}
