import { itemTable } from "./item-table.ts";

/**
 * What an item is, which says what may be done with its values: `flow` adds up over time; `per_share`, `average_shares` are
 * about a period and don't; `instant`, `shares` are about a day.
 */
export const kinds = ["flow", "per_share", "average_shares", "instant", "shares"] as const;
export type ItemKind = (typeof kinds)[number];

/** A line of the table of items. */
export interface ItemRow {
  readonly name: string;
  readonly title: string;
  readonly kind: ItemKind;
  /** Values of another sign are errors of the filing, and are not read; any by default. */
  readonly sign?: "positive" | "not_negative";
  readonly usGaap: readonly string[];
  readonly ifrs: readonly string[];
}

/** The name of a standard item. */
export type ItemName = (typeof itemTable)[number]["name"];

/** A concept of a taxonomy. */
export interface Concept {
  readonly taxonomy: string;
  readonly concept: string;
}

/** A standard item: a line of a statement, however a company calls it. */
export interface Item {
  readonly name: string;
  readonly title: string;
  readonly kind: ItemKind;
  readonly sign: "any" | "positive" | "not_negative";
  /** The concepts that mean it, the preferred first; of another taxonomy than us-gaap with its name. */
  readonly chain: readonly Concept[];
}

/** All standard items. */
export const items: readonly Item[] = itemTable.map((row: ItemRow) => ({
  name: row.name,
  title: row.title,
  kind: row.kind,
  sign: row.sign ?? "any",
  chain: [...conceptsIn("us-gaap", row.usGaap), ...conceptsIn("ifrs-full", row.ifrs)],
}));

function conceptsIn(taxonomy: string, names: readonly string[]): Concept[] {
  return names.map((name) => {
    const [first = "", second] = name.split(":");
    return second === undefined
      ? { taxonomy, concept: first }
      : { taxonomy: first, concept: second };
  });
}

/** The item of a name: its own, in any spelling, or that of its preferred concept of us-gaap. */
export function itemNamed(name: string): Item | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, "");
  const wanted = plain(name);
  return (
    items.find((item) => plain(item.name) === wanted) ??
    items.find(({ chain }) => plain(chain[0]!.concept) === wanted)
  );
}

/** True for a unit in which values of an item come: money, money a share, shares. */
export function fitsUnit(kind: ItemKind, unit: string): boolean {
  if (kind === "shares" || kind === "average_shares") return unit === "shares";
  if (kind === "per_share") return /^[A-Z]{3}\/shares$/.test(unit);
  return /^[A-Z]{3}$/.test(unit);
}

/** True when a value has a sign that the item can have. */
export function fitsSign(sign: Item["sign"], value: number): boolean {
  if (sign === "positive") return value > 0;
  return sign === "any" || value >= 0;
}
