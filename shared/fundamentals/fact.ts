import type { FactRow } from "../warehouse/tables/facts.ts";

/** A fact as somebody filed it, and since when it is known. */
export type Fact = FactRow;

/** Days that a period lasts, both ends included; 0 for an instant. */
export function lengthOf({ start, end }: Pick<Fact, "start" | "end">): number {
  return Number.isNaN(start) ? 0 : end - start + 1;
}

/** A quarter has 12 to 14 weeks, a year 52 or 53: told by their days, whatever a filing calls them. */
export function isQuarter(period: Pick<Fact, "start" | "end">): boolean {
  const days = lengthOf(period);
  return days >= 80 && days <= 100;
}

export function isYear(period: Pick<Fact, "start" | "end">): boolean {
  const days = lengthOf(period);
  return days >= 350 && days <= 380;
}

const periodic = /^(10-[KQ]T?|20-F|40-F)(\/A)?$/;

/** Which of two filings is to be believed: periodic reports before all others, in which a fact can be a thousandfold. */
export function tierOf({ form }: Pick<Fact, "form">): 0 | 1 {
  return periodic.test(form) ? 0 : 1;
}

export function isAmendment({ form }: Pick<Fact, "form">): boolean {
  return form.endsWith("/A");
}
