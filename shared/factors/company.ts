import type { CorporateAction } from "../market/adjustment.ts";
import { dayNumber } from "../market/trading-day.ts";
import type { IssuerFacts } from "../fundamentals/issuer-facts.ts";
import { items } from "../fundamentals/items.ts";
import { viewOf } from "../fundamentals/statement-inputs.ts";
import { Statements, type ShareSteps } from "../fundamentals/statements.ts";
import type { SecurityBars } from "../warehouse/prices/read-bars.ts";
import { closesOf } from "./closes.ts";
import type { CompanyInput, FactorDefinition, FactorInput } from "./define.ts";
import type { Axis } from "./series.ts";

/** Whose security it is. */
export interface Company {
  readonly facts: IssuerFacts;
  /** First and last day of the company's other securities, days since 1970. */
  readonly others: readonly { readonly from: number; readonly to: number }[];
}

/** True for an input that is read of the company. */
export function isCompanyInput(input: FactorInput): input is CompanyInput {
  return input === "market_cap" || viewOf(input) !== undefined;
}

/** What some factors read of companies. */
export function companyInputsOf(
  factors: readonly Pick<FactorDefinition, "inputs">[],
): CompanyInput[] {
  return [...new Set(factors.flatMap(({ inputs }) => inputs.filter(isCompanyInput)))];
}

/** The item that counts shares. */
export const sharesItem = items.find(({ name }) => name === "shares_outstanding")!;

/** What was told of a period that ended longer ago says nothing of today: a year and a half. */
const stalestDays = 548;

/** A company at each session of an axis, as it was known at its close. */
export class CompanyAtSessions {
  readonly #axis: Axis;
  readonly #others: Company["others"];
  readonly #statements: Statements | undefined;
  #counts: ShareSteps | undefined;

  /** @param company undefined where nobody says whose security it is: then all is NaN */
  constructor(company: Company | undefined, axis: Axis) {
    this.#axis = axis;
    this.#others = company?.others ?? [];
    this.#statements = company && new Statements(company.facts);
  }

  /**
   * What one factor reads of the company's statements: all its inputs at a session are about one period.
   *
   * @param inputs of one factor; those of prices, and `market_cap`, are left out
   */
  statements(inputs: readonly FactorInput[]): Partial<Record<CompanyInput, Float64Array>> {
    const axis = this.#axis;
    const names = inputs.filter(isCompanyInput).filter((name) => name !== "market_cap");
    const columns = Object.fromEntries(
      names.map((name) => [name, new Float64Array(axis.days.length).fill(NaN)]),
    );
    if (this.#statements === undefined || names.length === 0) return columns;
    const { knownMs, end, values } = this.#statements.steps(names);
    walk(axis, knownMs, (session, step) => {
      if (axis.days[session]! - end[step]! > stalestDays) return;
      for (const name of names) columns[name]![session] = values[name]![step]!;
    });
    return columns;
  }

  /**
   * What the market pays for all shares at each session: the count as it was filed last, with the splits since its day, each
   * once, at the close as traded. A company with several classes has none: its count is not told by class.
   */
  marketCap(bars: SecurityBars, actions: readonly CorporateAction[]): Float64Array {
    const axis = this.#axis;
    const caps = new Float64Array(axis.days.length).fill(NaN);
    const counts = (this.#counts ??= this.#statements?.shareCounts(sharesItem));
    if (counts === undefined) return caps;
    const closeAt = new Float64Array(axis.days.length).fill(NaN);
    for (let bar = 0; bar < bars.days.length; bar++) {
      const at = axis.positionOf[bars.days[bar]!]!;
      if (at >= 0) closeAt[at] = bars.close[bar]!;
    }
    const splits = actions
      .filter(({ kind, value }) => kind === "split" && value > 0)
      .map(({ exDate, value }) => ({ day: dayNumber(exDate), ratio: value }));
    walk(axis, counts.knownMs, (session, step) => {
      const day = axis.days[session]!;
      const countedOn = counts.countedOn[step]!;
      if (day - countedOn > stalestDays || this.#hasOtherClass(day)) return;
      let shares = counts.shares[step]!;
      for (const { day: exDay, ratio } of splits) {
        if (exDay > countedOn && exDay <= day) shares *= ratio;
      }
      caps[session] = shares * closeAt[session]!;
    });
    return caps;
  }

  #hasOtherClass(day: number): boolean {
    return this.#others.some(({ from, to }) => from <= day && day <= to);
  }
}

/** Tells each session the last step that was known at its close. */
function walk(
  axis: Axis,
  knownMs: Float64Array,
  tell: (session: number, step: number) => void,
): void {
  const close = closesOf(axis);
  let step = -1;
  for (let session = 0; session < close.length; session++) {
    while (step + 1 < knownMs.length && knownMs[step + 1]! <= close[session]!) step++;
    if (step >= 0) tell(session, step);
  }
}
