import { fitsSign, fitsUnit, type Item } from "./items.ts";
import { tierOf, type Fact } from "./fact.ts";

/** Of the values that a period had over time: the last one that was known, or the first. */
export type Vintage = "restated" | "as_reported";

/** An order in which later knowledge comes later; of two filings of one moment by their numbers. */
export function byKnown(a: Fact, b: Fact): number {
  if (a.knownMs !== b.knownMs) return a.knownMs - b.knownMs;
  return a.accession < b.accession ? -1 : a.accession > b.accession ? 1 : 0;
}

/** The facts of an item that may be read: in one of its concepts, in its unit, of its sign. */
export function factsOfItem(facts: readonly Fact[], item: Item): Fact[] {
  return facts.filter(
    ({ taxonomy, concept, unit, value }) =>
      fitsUnit(item.kind, unit) &&
      fitsSign(item.sign, value) &&
      item.chain.some((one) => one.taxonomy === taxonomy && one.concept === concept),
  );
}

/**
 * The unit that most facts known at a moment come in: a company that also gives its numbers in another currency is read in its
 * own.
 */
export function mainUnit(facts: readonly Fact[], asOfMs: number): string | undefined {
  const counts = new Map<string, number>();
  for (const { unit, knownMs } of facts) {
    if (knownMs <= asOfMs) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [unit, count] of counts) {
    const most = best === undefined ? -1 : counts.get(best)!;
    if (count > most || (count === most && unit < best!)) best = unit;
  }
  return best;
}

/**
 * The fact that stands for a period: of the first concept of the chain that has one, of the filings that are to be believed
 * most, the last or the first that was known.
 *
 * @param candidates facts of one period and unit, known by then
 */
export function pick(candidates: readonly Fact[], item: Item, vintage: Vintage): Fact | undefined {
  for (const { taxonomy, concept } of item.chain) {
    const own = candidates.filter((fact) => fact.taxonomy === taxonomy && fact.concept === concept);
    if (own.length > 0) return pickOfConcept(own, vintage);
  }
  return undefined;
}

/** The same among facts of one concept. */
export function pickOfConcept(own: readonly Fact[], vintage: Vintage): Fact {
  const tier = Math.min(...own.map(tierOf));
  const believed = own.filter((fact) => tierOf(fact) === tier).sort(byKnown);
  return vintage === "restated" ? believed.at(-1)! : believed[0]!;
}

/** Facts by period, in the order of their ends. */
export function byPeriod(facts: readonly Fact[]): Fact[][] {
  const groups = Map.groupBy(facts, ({ start, end }) => `${start} ${end}`);
  return [...groups.values()].sort(
    ([a], [b]) => a!.end - b!.end || (b!.start || 0) - (a!.start || 0),
  );
}
