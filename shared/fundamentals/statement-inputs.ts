import { items, type Item, type ItemName } from "./items.ts";

/**
 * What a factor may read of a company's statements, by the item's name and an ending:
 *
 *   assets                 at the end of the last period that was reported
 *   assets_year_ago        a year before
 *   revenue_ttm            of the twelve months that end then
 *   revenue_ttm_year_ago   of the twelve months before those
 *   eps_diluted_annual     of the last fiscal year
 *   eps_diluted_annual_year_ago
 *   net_income_surprise    the quarter's change from the same quarter a year before, over the deviation of the eight before it
 */
export type StatementInput =
  | ItemName
  | `${ItemName}_year_ago`
  | `${ItemName}_ttm`
  | `${ItemName}_ttm_year_ago`
  | `${ItemName}_annual`
  | `${ItemName}_annual_year_ago`
  | `${ItemName}_surprise`;

/** How an item is looked at. */
export interface StatementView {
  readonly item: Item;
  readonly view: "instant" | "ttm" | "annual" | "surprise";
  readonly yearAgo: boolean;
}

/** What an input's name means; undefined when it is none of a statement. */
export function viewOf(input: string): StatementView | undefined {
  const yearAgo = input.endsWith("_year_ago");
  const rest = yearAgo ? input.slice(0, -"_year_ago".length) : input;
  const [, name = rest, ending] = /^(.*)_(ttm|annual|surprise)$/.exec(rest) ?? [];
  const item = items.find((one) => one.name === name);
  if (item === undefined) return undefined;
  return { item, view: (ending ?? "instant") as StatementView["view"], yearAgo };
}
