import {
  annualValues,
  filedValues,
  quarterlyValues,
  trailingValues,
  type ItemValue,
} from "./derive.ts";
import type { Fact } from "./fact.ts";
import { itemNamed, type Concept, type Item, type ItemKind } from "./items.ts";
import { byKnown, factsOfItem, mainUnit, type Vintage } from "./vintage.ts";

/** Which periods of an item. */
export type Periods = "all" | "quarterly" | "annual" | "ttm";

/** What is asked of an issuer's facts. */
export interface FactQuestion {
  /** A standard item, or a concept of a taxonomy. */
  readonly name: string;
  /** Ms since 1970 UTC: what was known then. */
  readonly asOfMs: number;
  /** Every row ever filed of exactly this item or concept, in the place of one value a period. */
  readonly history: boolean;
  readonly vintage: Vintage;
  readonly periods: Periods;
}

/** The concepts that a name means: those of an item, or itself, `Assets` or `us-gaap:Assets`. */
export function conceptsOf(name: string, history = false): readonly Concept[] {
  const item = meant(name, history);
  if (item !== undefined) return item.chain;
  const [first = "", second] = name.split(":");
  return second === undefined
    ? [{ taxonomy: "", concept: first }]
    : [{ taxonomy: first, concept: second }];
}

/** The item that a name means; of history exactly the concept is meant where the name is one. */
function meant(name: string, history: boolean): Item | undefined {
  const item = itemNamed(name);
  return history && item?.chain.some(({ concept }) => concept === name) === true ? undefined : item;
}

/**
 * Answers from an issuer's facts.
 *
 * @param facts those of the concepts that `conceptsOf` names are read; in any order
 * @returns by the end of their periods
 */
export function answer(facts: readonly Fact[], question: FactQuestion): ItemValue[] {
  const { name, asOfMs, history, vintage, periods } = question;
  const concepts = conceptsOf(name, history);
  const isMeant = (fact: Fact): boolean =>
    concepts.some(
      ({ taxonomy, concept }) =>
        concept === fact.concept && (taxonomy === "" || taxonomy === fact.taxonomy),
    );
  const known = facts.filter((fact) => fact.knownMs <= asOfMs && isMeant(fact));
  const item = meant(name, history);
  if (history) {
    const rows = known.map((fact): ItemValue => ({ ...fact, derived: null, inputs: [] }));
    return rows.sort((a, b) => a.end - b.end || (a.start || 0) - (b.start || 0) || byKnown(a, b));
  }
  if (item !== undefined) {
    const own = factsOfItem(known, item);
    const unit = mainUnit(own, asOfMs);
    return valuesOf(
      own.filter((fact) => fact.unit === unit),
      item,
      vintage,
      periods,
    );
  }
  // A concept that is no item: each unit for itself.
  const units = [...new Set(known.map(({ unit }) => unit))].sort();
  return units.flatMap((unit) => {
    const own = known.filter((fact) => fact.unit === unit);
    return valuesOf(own, itemOf(own), vintage, periods);
  });
}

function valuesOf(
  known: readonly Fact[],
  item: Item,
  vintage: Vintage,
  periods: Periods,
): ItemValue[] {
  if (periods === "all" || item.kind === "instant" || item.kind === "shares") {
    return filedValues(known, item, vintage);
  }
  if (periods === "quarterly") return quarterlyValues(known, item, vintage);
  return periods === "annual"
    ? annualValues(known, item, vintage)
    : trailingValues(known, item, vintage);
}

/** What facts of one concept and unit are, by their unit and periods. */
function itemOf(facts: readonly Fact[]): Item {
  const [first] = facts;
  const { concept = "", unit = "" } = first ?? {};
  const chain = [...new Set(facts.map(({ taxonomy }) => taxonomy))].map((taxonomy) => ({
    taxonomy,
    concept,
  }));
  return { name: concept, title: concept, kind: kindOf(facts, unit), sign: "any", chain };
}

function kindOf(facts: readonly Fact[], unit: string): ItemKind {
  if (facts.every(({ start }) => Number.isNaN(start))) return "instant";
  // Only money adds up; what is a share, a count or a ratio does not.
  return /^[A-Z]{3}$/.test(unit) ? "flow" : "per_share";
}
