import { isAmendment, isQuarter, isYear, lengthOf, type Fact } from "./fact.ts";
import type { Item } from "./items.ts";
import { byKnown, byPeriod, pick, pickOfConcept, type Vintage } from "./vintage.ts";

/** A value of an item, as it was filed or as it was derived. */
export interface ItemValue extends Fact {
  readonly derived: null | "q4" | "ttm";
  /** Accessions that it was derived from; empty for one that was filed. */
  readonly inputs: readonly string[];
}

const asFiled = (fact: Fact): ItemValue => ({ ...fact, derived: null, inputs: [] });

/** All periods of an item as they were filed. */
export function filedValues(known: readonly Fact[], item: Item, vintage: Vintage): ItemValue[] {
  return byPeriod(known).flatMap((facts) => {
    const fact = pick(facts, item, vintage);
    return fact === undefined ? [] : [asFiled(fact)];
  });
}

/** The years of an item. */
export function annualValues(known: readonly Fact[], item: Item, vintage: Vintage): ItemValue[] {
  return filedValues(known.filter(isYear), item, vintage);
}

/**
 * The quarters of an item: those that were filed, and of flows the fourth, the year less its first nine months, where nobody
 * filed it.
 */
export function quarterlyValues(known: readonly Fact[], item: Item, vintage: Vintage): ItemValue[] {
  const ends = new Set(
    known.filter((fact) => isQuarter(fact) || isYear(fact)).map(({ end }) => end),
  );
  return [...ends]
    .sort((a, b) => a - b)
    .flatMap((end) => quarterAt(known, item, end, vintage) ?? []);
}

/**
 * The trailing twelve months of a flow: the year itself, or the year to date and what the last year had besides the same
 * stretch of it.
 */
export function trailingValues(known: readonly Fact[], item: Item, vintage: Vintage): ItemValue[] {
  if (item.kind !== "flow") return annualValues(known, item, vintage);
  const ends = new Set(known.filter((fact) => isYear(fact) || isPart(fact)).map(({ end }) => end));
  return [...ends]
    .sort((a, b) => a - b)
    .flatMap((end) => trailingAt(known, item, end, vintage) ?? []);
}

/** A quarter, two, or three. */
function isPart(fact: Fact): boolean {
  const days = lengthOf(fact);
  return days >= 80 && days <= 290;
}

/** Days of three quarters, and by how many they may be more or less. */
const nineMonths = 272;
const nineMonthsSlack = 20;

/** Days by which the year before may begin earlier or end later than a calendar's: fiscal years have 52 or 53 weeks. */
const slackDays = 10;

/** The twelve months that end on a day. */
export function trailingAt(
  known: readonly Fact[],
  item: Item,
  end: number,
  vintage: Vintage,
): ItemValue | undefined {
  const ofEnd = known.filter((fact) => fact.end === end);
  const [year] = annualValues(ofEnd, item, vintage);
  if (year !== undefined) return year;
  const toDate = filedValues(ofEnd.filter(isPart), item, vintage);
  // The longest stretch that begins where a year ended.
  for (const current of toDate.sort((a, b) => a.start - b.start)) {
    const before = known.find((fact) => fact.end === current.start - 1 && isYear(fact));
    if (before === undefined) continue;
    const rest = restOfYear(known, item, before, lengthOf(current), slackDays, vintage);
    if (rest === undefined) continue;
    const last = rest.knownMs > current.knownMs ? rest : current;
    const value: ItemValue = {
      ...current,
      start: rest.start,
      value: current.value + rest.value,
      filed: Math.max(current.filed, rest.filed),
      knownMs: last.knownMs,
      knownBy: last.knownBy,
      derived: "ttm",
      inputs: [...new Set([current.accession, ...rest.inputs])],
    };
    if (isYear(value)) return value;
  }
  return undefined;
}

/** The quarter that ends on a day, filed or derived. */
export function quarterAt(
  known: readonly Fact[],
  item: Item,
  end: number,
  vintage: Vintage,
): ItemValue | undefined {
  const ofEnd = known.filter((fact) => fact.end === end);
  const [filed] = filedValues(ofEnd.filter(isQuarter), item, vintage);
  if (filed !== undefined || item.kind !== "flow") return filed;
  const year = ofEnd.find(isYear);
  const rest = year && restOfYear(known, item, year, nineMonths, nineMonthsSlack, vintage);
  return rest !== undefined && isQuarter(rest) ? rest : undefined;
}

/**
 * What a year had besides a first stretch of it: both of the same start, concept and unit, from the latest vintage in which they
 * stand on one basis; undefined where there is none.
 *
 * A year in the report of its own fiscal year and a stretch in that year's quarterly report stand on one basis, and so do both in
 * the reports of the year after, where they are shown again for comparison, and may be restated. A year that an amendment
 * changed stands on a basis of its own, on which only a stretch that an amendment changed stands too.
 */
function restOfYear(
  known: readonly Fact[],
  item: Item,
  { start, end }: Pick<Fact, "start" | "end">,
  stretchDays: number,
  slack: number,
  vintage: Vintage,
): ItemValue | undefined {
  const ofYear = known.filter((fact) => fact.start === start && fact.end === end);
  const distance = (fact: Fact): number => Math.abs(lengthOf(fact) - stretchDays);
  const stretches = known.filter(
    (fact) => fact.start === start && fact.end < end && distance(fact) <= slack,
  );
  for (const { taxonomy, concept } of item.chain) {
    const own = (fact: Fact): boolean => fact.taxonomy === taxonomy && fact.concept === concept;
    const years = ofYear.filter(own);
    if (years.length === 0) continue;
    const [nearest] = stretches.filter(own).sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined) continue;
    const parts = stretches.filter((fact) => own(fact) && fact.end === nearest.end);
    const pair = onOneBasis(years, parts, vintage);
    if (pair === undefined) continue;
    const [year, part] = pair;
    const last = byKnown(year, part) > 0 ? year : part;
    return {
      ...year,
      start: part.end + 1,
      value: year.value - part.value,
      filed: Math.max(year.filed, part.filed),
      knownMs: last.knownMs,
      knownBy: last.knownBy,
      derived: "q4",
      inputs: [...new Set([year.accession, part.accession])],
    };
  }
  return undefined;
}

/** The latest, or first, basis on which both a year and a stretch of it stand. */
function onOneBasis(
  years: readonly Fact[],
  parts: readonly Fact[],
  vintage: Vintage,
): [year: Fact, part: Fact] | undefined {
  const yearBases = basesOf(years);
  const partBases = basesOf(parts);
  const shared = [...yearBases.keys()].filter((basis) => partBases.has(basis));
  const pairs = shared.map((basis): [Fact, Fact] => [yearBases.get(basis)!, partBases.get(basis)!]);
  // By when both were known.
  const knownMs = ([year, part]: [Fact, Fact]): number => Math.max(year.knownMs, part.knownMs);
  pairs.sort((a, b) => knownMs(a) - knownMs(b));
  return vintage === "restated" ? pairs.at(-1) : pairs[0];
}

const yearDays = 365;

/** Facts by their basis: the fiscal years between a period and the report it stands in, and whether an amendment changed it. */
function basesOf(facts: readonly Fact[]): Map<string, Fact> {
  const bases = new Map<string, Fact>();
  const cycles = Map.groupBy(facts, ({ filed, end }) =>
    Math.max(0, Math.floor((filed - end) / yearDays)),
  );
  for (const [cycle, own] of cycles) {
    const units = Map.groupBy(own, ({ unit }) => unit);
    for (const [unit, ofUnit] of units) {
      const original = ofUnit.filter((fact) => !isAmendment(fact));
      const amended = ofUnit.filter(isAmendment);
      const first = original.length > 0 ? pickOfConcept(original, "restated") : undefined;
      if (first !== undefined) bases.set(`${unit} ${cycle}`, first);
      if (amended.length === 0) continue;
      const last = pickOfConcept(amended, "restated");
      // An amendment that changes nothing is no basis of its own; one alone is all there is of its cycle.
      const basis = first === undefined || first.value === last.value ? "" : " amended";
      if (basis !== "" || first === undefined) bases.set(`${unit} ${cycle}${basis}`, last);
    }
  }
  return bases;
}
