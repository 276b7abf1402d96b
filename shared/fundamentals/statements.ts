import { annualValues, quarterAt, trailingAt, type ItemValue } from "./derive.ts";
import { tierOf, type Fact } from "./fact.ts";
import { factsFrom, type IssuerFacts } from "./issuer-facts.ts";
import type { Item } from "./items.ts";
import { viewOf, type StatementView } from "./statement-inputs.ts";
import { factsOfItem, pick } from "./vintage.ts";

/** A company's statements as they were known over time: from each moment on, until the next, these values. */
export interface StatementSteps {
  /** Ms since 1970 UTC, ascending. */
  readonly knownMs: Float64Array;
  /** The end of the last period that was reported then, days since 1970. */
  readonly end: Int32Array;
  /** By input; NaN where it was not known. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** Shares as they were counted last, see `Statements.shareCounts`. */
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

/** Prices are in dollars: of a company that reports in another currency nothing can be set against them, and nothing is read. */
const units: ReadonlySet<string> = new Set(["USD", "USD/shares", "shares"]);

/** What a company reported, item by item, and how it stood at any moment. */
export class Statements {
  readonly #byConcept: ReadonlyMap<string, Fact[]>;
  readonly #items = new Map<Item, Fact[]>();
  /** Values by item and by what they depend on: factors read the same ones. */
  readonly #values = new Map<Item, Map<string, number>>();

  constructor(columns: IssuerFacts) {
    const facts = factsFrom(columns).filter(({ unit }) => units.has(unit));
    this.#byConcept = Map.groupBy(facts, ({ taxonomy, concept }) => `${taxonomy} ${concept}`);
  }

  /**
   * Follows what was known of some items. All values of a moment are about one period, the last that a periodic report told of for
   * any of these items: one that is not told for it has no value, whatever was told of an earlier one. What else is read of the
   * company changes nothing.
   *
   * @param inputs names as `StatementInput` has them
   */
  steps(inputs: readonly string[]): StatementSteps {
    const views = inputs.map((name) => viewOf(name)!);
    const items = [...new Set(views.map(({ item }) => item))];
    const readers = new Map(items.map((item) => [item, new ItemReader(this.#of(item))]));
    const moments = momentsOf(items.flatMap((item) => this.#of(item)));
    const ends = new Int32Array(moments.length);
    const columns = inputs.map(() => new Float64Array(moments.length).fill(NaN));
    let end = -Infinity;
    for (const [at, nowMs] of moments.entries()) {
      for (const [item, reader] of readers) {
        reader.advance(nowMs);
        // The count on a cover is of a later day than the report's period.
        if (item.kind !== "shares") end = Math.max(end, reader.lastEnd);
      }
      ends[at] = end;
      for (const [place, view] of views.entries()) {
        columns[place]![at] = this.#value(view, readers.get(view.item)!.known, end);
      }
    }
    return {
      knownMs: Float64Array.from(moments),
      end: ends,
      values: Object.fromEntries(inputs.map((name, place) => [name, columns[place]!])),
    };
  }

  /**
   * The number of shares as it was filed last. A cover counts the shares of its day; a balance sheet those of its day on the
   * shares of the day of the filing, as splits in between are applied to it.
   *
   * @param item that counts them
   */
  shareCounts(item: Item): ShareSteps {
    const facts = this.#of(item).filter((fact) => tierOf(fact) === 0 && fact.end <= fact.filed);
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

  /** An item's facts, in the order in which they became known. */
  #of(item: Item): Fact[] {
    let own = this.#items.get(item);
    if (own === undefined) {
      const all = item.chain.flatMap(
        ({ taxonomy, concept }) => this.#byConcept.get(`${taxonomy} ${concept}`) ?? [],
      );
      own = factsOfItem(all, item).sort((a, b) => a.knownMs - b.knownMs);
      this.#items.set(item, own);
    }
    return own;
  }

  /** @param known how many of the item's facts are known */
  #value({ item, view, yearAgo }: StatementView, known: number, end: number): number {
    const key = `${view} ${yearAgo} ${known} ${end}`;
    let values = this.#values.get(item);
    if (values === undefined) this.#values.set(item, (values = new Map<string, number>()));
    let value = values.get(key);
    if (value === undefined) {
      value = valueOf(this.#of(item), { item, view, yearAgo }, known, end);
      values.set(key, value);
    }
    return value;
  }
}

/** The moments at which something became known, ascending. */
function momentsOf(facts: readonly Fact[]): number[] {
  return [...new Set(facts.map(({ knownMs }) => knownMs))].sort((a, b) => a - b);
}

/** Walks through an item's facts as they become known. */
class ItemReader {
  readonly #facts: readonly Fact[];
  /** How many are known. */
  known = 0;
  /** End of the last period that a periodic report tells of. */
  lastEnd = -Infinity;

  /** @param facts in the order in which they became known */
  constructor(facts: readonly Fact[]) {
    this.#facts = facts;
  }

  advance(nowMs: number): void {
    for (; this.known < this.#facts.length; this.known++) {
      const fact = this.#facts[this.known]!;
      if (fact.knownMs > nowMs) return;
      // A period that has not ended when it is reported is an error.
      if (tierOf(fact) === 0 && fact.end <= fact.filed) {
        this.lastEnd = Math.max(this.lastEnd, fact.end);
      }
    }
  }
}

function valueOf(
  facts: readonly Fact[],
  { item, view, yearAgo }: StatementView,
  count: number,
  end: number,
): number {
  const known: Fact[] = [];
  for (let at = 0; at < count; at++) {
    const fact = facts[at]!;
    if (fact.end <= end && fact.end > end - viewDays) known.push(fact);
  }
  if (view === "surprise") return surprise(known, item, end);
  if (view === "annual") return annual(known, item, end, yearAgo);
  const day = yearAgo ? yearBefore(known, end) : end;
  if (day === undefined) return NaN;
  if (view === "ttm") return trailingAt(known, item, day, "restated")?.value ?? NaN;
  const instants = known.filter((fact) => fact.end === day && Number.isNaN(fact.start));
  return pick(instants, item, "restated")?.value ?? NaN;
}

function annual(known: readonly Fact[], item: Item, end: number, yearAgo: boolean): number {
  const years = annualValues(known, item, "restated");
  const last = years.at(-1);
  if (last === undefined || last.end <= end - yearDays - yearSlack) return NaN;
  if (!yearAgo) return last.value;
  const before = years.find((year) => Math.abs(last.end - year.end - yearDays) <= yearSlack);
  return before?.value ?? NaN;
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

function isCover({ taxonomy }: Fact): boolean {
  return taxonomy === "dei";
}
