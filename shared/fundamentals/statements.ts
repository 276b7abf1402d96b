import { annualValues, quarterAt, trailingAt, type ItemValue } from "./derive.ts";
import { tierOf, type Fact } from "./fact.ts";
import { factsFrom, type IssuerFacts } from "./issuer-facts.ts";
import type { Item } from "./items.ts";
import { viewOf, type StatementView } from "./statement-inputs.ts";
import { factsOfItem, mainUnit, pick } from "./vintage.ts";

/** A company's statements as they were known over time: from each moment on, until the next, these values. */
export interface StatementSteps {
  /** Ms since 1970 UTC, ascending. */
  readonly knownMs: Float64Array;
  /** The end of the last period that was reported then, days since 1970. */
  readonly end: Int32Array;
  /** By input; NaN where it was not known. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** Shares as they were counted last, see `shareCounts`. */
export interface ShareSteps {
  readonly knownMs: Float64Array;
  readonly shares: Float64Array;
  /** Splits after this day are not in the count; days since 1970. */
  readonly countedOn: Int32Array;
}

/** Days of facts that any view looks back on, from the end of the last period: four years, for the surprise. */
const viewDays = 4 * 366;
/** A year before the end of a period, and by how many days fiscal years move. */
const yearDays = 365;
const yearSlack = 20;

/**
 * Follows what was known of a company. All values of a moment are about one period, the last that a periodic report told of: an
 * item that is not told for it has no value, whatever was told of an earlier one.
 *
 * @param inputs names as `StatementInput` has them
 */
export function statementSteps(columns: IssuerFacts, inputs: readonly string[]): StatementSteps {
  const all = factsFrom(columns);
  const views = inputs.map((name) => viewOf(name)!);
  const items = [...new Set(views.map(({ item }) => item))];
  const ofItem = new Map(items.map((item) => [item, factsOfItem(all, item)]));
  const moments = momentsOf([...ofItem.values()].flat());
  const steps = {
    knownMs: Float64Array.from(moments),
    end: new Int32Array(moments.length),
    values: Object.fromEntries(
      inputs.map((name) => [name, new Float64Array(moments.length).fill(NaN)]),
    ),
  };
  const readers = new Map(items.map((item) => [item, new ItemReader(item, ofItem.get(item)!)]));
  let end = -Infinity;
  for (const [at, nowMs] of moments.entries()) {
    const before = end;
    const changed = new Set<Item>();
    for (const [item, reader] of readers) {
      if (reader.advance(nowMs)) changed.add(item);
      end = Math.max(end, reader.lastEnd);
    }
    steps.end[at] = end;
    for (const [place, view] of views.entries()) {
      const values = steps.values[inputs[place]!]!;
      values[at] =
        at > 0 && end === before && !changed.has(view.item)
          ? values[at - 1]!
          : readers.get(view.item)!.value(view, end);
    }
  }
  return steps;
}

/** The moments at which something became known, ascending. */
function momentsOf(facts: readonly Fact[]): number[] {
  return [...new Set(facts.map(({ knownMs }) => knownMs))].sort((a, b) => a - b);
}

/** An item's facts as they become known. */
class ItemReader {
  readonly #item: Item;
  readonly #facts: readonly Fact[];
  #known = 0;
  #unit: string | undefined;
  /** End of the last period that a periodic report tells of. */
  lastEnd = -Infinity;

  /** @param facts of the item, in the order in which they became known */
  constructor(item: Item, facts: readonly Fact[]) {
    this.#item = item;
    this.#facts = facts;
  }

  /** @returns true when something became known since the last moment */
  advance(nowMs: number): boolean {
    const before = this.#known;
    while (this.#known < this.#facts.length && this.#facts[this.#known]!.knownMs <= nowMs) {
      const fact = this.#facts[this.#known++]!;
      // The count on a cover is of a later day than the report's period; a period that has not ended is an error.
      if (this.#item.kind !== "shares" && tierOf(fact) === 0 && fact.end <= fact.filed) {
        this.lastEnd = Math.max(this.lastEnd, fact.end);
      }
    }
    if (this.#known === before) return false;
    this.#unit = mainUnit(this.#facts.slice(0, this.#known), nowMs);
    return true;
  }

  value({ view, yearAgo }: StatementView, end: number): number {
    const known: Fact[] = [];
    for (let at = 0; at < this.#known; at++) {
      const fact = this.#facts[at]!;
      if (fact.end <= end && fact.end > end - viewDays && fact.unit === this.#unit)
        known.push(fact);
    }
    if (view === "surprise") return surprise(known, this.#item, end);
    if (view === "annual") return this.#annual(known, end, yearAgo);
    const day = yearAgo ? yearBefore(known, end) : end;
    if (day === undefined) return NaN;
    if (view === "ttm") return trailingAt(known, this.#item, day, "restated")?.value ?? NaN;
    const instants = known.filter((fact) => fact.end === day && Number.isNaN(fact.start));
    return pick(instants, this.#item, "restated")?.value ?? NaN;
  }

  #annual(known: readonly Fact[], end: number, yearAgo: boolean): number {
    const years = annualValues(known, this.#item, "restated");
    const last = years.at(-1);
    if (last === undefined || last.end <= end - yearDays - yearSlack) return NaN;
    if (!yearAgo) return last.value;
    const before = years.find((year) => Math.abs(last.end - year.end - yearDays) <= yearSlack);
    return before?.value ?? NaN;
  }
}

/** The day nearest to a year before another on which some period ended. */
function yearBefore(known: readonly Fact[], end: number): number | undefined {
  let best: number | undefined;
  for (const fact of known) {
    const off = Math.abs(end - fact.end - yearDays);
    if (off <= yearSlack && (best === undefined || off < Math.abs(end - best - yearDays))) {
      best = fact.end;
    }
  }
  return best;
}

const deviationQuarters = 8;

/** Standardized unexpected earnings: q[t] - q[t-4], over the standard deviation of the same of the eight quarters before. */
function surprise(known: readonly Fact[], item: Item, end: number): number {
  const quarters: number[] = [];
  let day = end;
  for (let back = 0; back <= deviationQuarters + 4; back++) {
    const quarter: ItemValue | undefined = quarterAt(known, item, day, "restated");
    if (quarter === undefined) return NaN;
    quarters.push(quarter.value);
    day = quarter.start - 1;
  }
  const changes = Array.from(
    { length: deviationQuarters + 1 },
    (_, back) => quarters[back]! - quarters[back + 4]!,
  );
  const past = changes.slice(1);
  const mean = past.reduce((sum, value) => sum + value, 0) / past.length;
  const variance = past.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (past.length - 1);
  return variance > 0 ? changes[0]! / Math.sqrt(variance) : NaN;
}

/**
 * The number of shares as it was filed last. A cover counts the shares of its day; a balance sheet those of its day on the shares
 * of the day of the filing, as splits in between are applied to it.
 */
export function shareCounts(columns: IssuerFacts, item: Item): ShareSteps {
  const facts = factsOfItem(factsFrom(columns), item).filter(
    (fact) => tierOf(fact) === 0 && fact.end <= fact.filed,
  );
  const moments = momentsOf(facts);
  const shares = new Float64Array(moments.length);
  const countedOn = new Int32Array(moments.length);
  let known = 0;
  let last: Fact | undefined;
  for (const [at, nowMs] of moments.entries()) {
    for (; known < facts.length && facts[known]!.knownMs <= nowMs; known++) {
      const fact = facts[known]!;
      const isNewer = last === undefined || fact.end > last.end;
      // Of one day the cover's count, and of that the last one filed.
      const isBetter = fact.end === last?.end && (isCover(fact) || !isCover(last));
      if (isNewer || isBetter) last = fact;
    }
    shares[at] = last!.value;
    countedOn[at] = isCover(last!) ? last!.end : last!.filed;
  }
  return { knownMs: Float64Array.from(moments), shares, countedOn };
}

function isCover({ taxonomy }: Fact): boolean {
  return taxonomy === "dei";
}
