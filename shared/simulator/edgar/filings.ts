import { isSession } from "../../market/calendar.ts";
import { newYorkInstant } from "../../market/new-york.ts";
import { addDays, type TradingDay } from "../../market/trading-day.ts";
import type { Company } from "../company.ts";
import { RandomStream } from "../random.ts";
import { balances, flows, type Balance, type Flow, type Quarter } from "./books.ts";

/** A fact in a filing. */
export interface FiledFact {
  readonly taxonomy: "us-gaap" | "dei";
  readonly concept: string;
  readonly unit: "USD" | "USD/shares" | "shares";
  readonly from: TradingDay | undefined;
  readonly to: TradingDay;
  readonly value: number;
}

/** A filing with what it says. */
export interface SimulatedFiling {
  readonly accession: string;
  readonly form: "10-K" | "10-Q" | "10-K/A";
  readonly filed: TradingDay;
  /** When EDGAR accepted it, ms since 1970 UTC. */
  readonly acceptedMs: number;
  readonly periodEnd: TradingDay;
  readonly fiscalYear: number;
  /** As the filing calls itself; a tenth of them are wrong. */
  readonly fiscalPeriod: string;
  readonly document: string;
  readonly facts: readonly FiledFact[];
}

/** A split as the books need it. */
export interface SplitOf {
  readonly exDate: TradingDay;
  readonly ratio: number;
}

/** How a sector's companies differ: banks have neither stock in trade nor current assets. */
const without: Readonly<Partial<Record<Company["sector"], readonly (Flow | Balance)[]>>> = {
  Financials: [
    "cost",
    "grossProfit",
    "research",
    "inventory",
    "currentAssets",
    "currentLiabilities",
  ],
  "Real Estate": ["inventory", "currentAssets", "currentLiabilities"],
  Utilities: ["research"],
};

const concepts: Readonly<Record<Exclude<Flow, "revenue"> | Balance, string>> = {
  cost: "CostOfRevenue",
  grossProfit: "GrossProfit",
  research: "ResearchAndDevelopmentExpense",
  selling: "SellingGeneralAndAdministrativeExpense",
  operatingIncome: "OperatingIncomeLoss",
  interest: "InterestExpense",
  pretax:
    "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest",
  tax: "IncomeTaxExpenseBenefit",
  netIncome: "NetIncomeLoss",
  depreciation: "DepreciationDepletionAndAmortization",
  operatingCash: "NetCashProvidedByUsedInOperatingActivities",
  capex: "PaymentsToAcquirePropertyPlantAndEquipment",
  dividends: "PaymentsOfDividendsCommonStock",
  buybacks: "PaymentsForRepurchaseOfCommonStock",
  assets: "Assets",
  currentAssets: "AssetsCurrent",
  cash: "CashAndCashEquivalentsAtCarryingValue",
  receivables: "AccountsReceivableNetCurrent",
  inventory: "InventoryNet",
  liabilities: "Liabilities",
  currentLiabilities: "LiabilitiesCurrent",
  shortTermDebt: "DebtCurrent",
  longTermDebt: "LongTermDebtNoncurrent",
  retained: "RetainedEarningsAccumulatedDeficit",
  equity: "StockholdersEquity",
};

/** Cash flows stand in quarterly reports from the year's first day only. */
const toDateOnly: ReadonlySet<Flow> = new Set<Flow>([
  "depreciation",
  "operatingCash",
  "capex",
  "dividends",
  "buybacks",
]);

/** The standard for revenue of 2018 gave its concept another name. */
const newRevenueFrom = "2018-06-30";

/** Restated, a quarter's figures are so many times what they were. */
type Restatement = (quarter: Quarter) => number;

/**
 * Files a company's reports: a quarter's 35 to 45 days after it, a year's 55 to 85; a few much later, some accepted in the evening
 * and so dated the next day, some amended, some with an earlier year restated.
 */
export function fileReports(
  seed: number,
  index: number,
  company: Company,
  quarters: readonly Quarter[],
  splits: readonly SplitOf[],
): SimulatedFiling[] {
  const stream = new RandomStream(seed, `filings/${index}`);
  const filings: SimulatedFiling[] = [];
  const restated = new Map<number, { readonly from: TradingDay; readonly factor: number }>();
  let number = 0;
  const accession = (filed: TradingDay): string =>
    `${company.issuer}-${filed.slice(2, 4)}-${String(++number).padStart(6, "0")}`;
  for (const [at, quarter] of quarters.entries()) {
    const annual = quarter.number === 4;
    const late = stream.chance(0.02);
    const delay = (annual ? 55 : 35) + stream.integer(annual ? 30 : 10) + (late ? 90 : 0);
    const evening = stream.chance(0.15);
    const { filed, acceptedMs } = accept(stream, addDays(quarter.to, delay), evening);
    // An earlier year is shown again, and sometimes otherwise than before.
    if (annual && stream.chance(0.1)) {
      restated.set(quarter.fiscalYear - 1, { from: filed, factor: 1 + 0.1 * stream.normal() });
    }
    const factor =
      (asOf: TradingDay): Restatement =>
      ({ fiscalYear }) => {
        const change = restated.get(fiscalYear);
        return change !== undefined && change.from <= asOf ? change.factor : 1;
      };
    const wrongLabel = stream.chance(0.1);
    const shape = {
      periodEnd: quarter.to,
      fiscalYear: quarter.fiscalYear,
      fiscalPeriod: wrongLabel ? "Q1" : annual ? "FY" : `Q${quarter.number}`,
      document: `${company.ticker.toLowerCase().replaceAll(".", "")}-${quarter.to.replaceAll("-", "")}.htm`,
    };
    const report = (asOf: TradingDay): FiledFact[] =>
      factsOf(company, quarters, at, splits, asOf, factor(asOf));
    filings.push({
      ...shape,
      accession: accession(filed),
      form: annual ? "10-K" : "10-Q",
      filed,
      acceptedMs,
      facts: report(filed),
    });
    if (annual && stream.chance(0.06)) {
      const again = accept(stream, addDays(filed, 60 + stream.integer(60)), false);
      restated.set(quarter.fiscalYear, { from: again.filed, factor: 1 + 0.15 * stream.normal() });
      filings.push({
        ...shape,
        accession: accession(again.filed),
        form: "10-K/A",
        ...again,
        facts: report(again.filed),
      });
    }
  }
  return filings.sort((a, b) => a.acceptedMs - b.acceptedMs);
}

/** Accepted on a business day, by day or in the evening: then it is dated the next one. */
function accept(
  stream: RandomStream,
  wanted: TradingDay,
  evening: boolean,
): { filed: TradingDay; acceptedMs: number } {
  let day = wanted;
  while (!isSession(day)) day = addDays(day, 1);
  const minutes = evening ? 17 * 60 + 31 + stream.integer(240) : 6 * 60 + 1 + stream.integer(680);
  const acceptedMs = newYorkInstant(day, minutes) + stream.integer(60) * 1000;
  if (!evening) return { filed: day, acceptedMs };
  let filed = addDays(day, 1);
  while (!isSession(filed)) filed = addDays(filed, 1);
  return { filed, acceptedMs };
}

function factsOf(
  company: Company,
  quarters: readonly Quarter[],
  at: number,
  splits: readonly SplitOf[],
  filed: TradingDay,
  factor: Restatement,
): FiledFact[] {
  const facts: FiledFact[] = [];
  const left = new Set<string>(without[company.sector] ?? []);
  const usd = (
    concept: string,
    from: TradingDay | undefined,
    to: TradingDay,
    value: number,
  ): void => {
    facts.push({ taxonomy: "us-gaap", concept, unit: "USD", from, to, value });
  };
  const shares = (asOf: TradingDay): number =>
    splits.reduce(
      (count, { exDate, ratio }) => (exDate <= asOf ? count * ratio : count),
      company.shares,
    );
  const current = quarters[at]!;
  for (const back of [0, 4]) {
    const quarter = quarters[at - back];
    if (quarter === undefined) continue;
    const first = at - back - (quarter.number - 1);
    const year = first < 0 ? undefined : quarters.slice(first, at - back + 1);
    const spans = [
      ...(current.number === 4 ? [] : [{ of: [quarter], isYearToDate: quarter.number === 1 }]),
      ...(year !== undefined && (quarter.number > 1 || current.number === 4)
        ? [{ of: year, isYearToDate: true }]
        : []),
    ];
    for (const { of, isYearToDate } of spans) {
      const from = of[0]!.from;
      const { to } = of.at(-1)!;
      const sum = (flow: Flow): number =>
        of.reduce(
          (total, one) => total + Math.round((one.flows[flow] * factor(one)) / 1000) * 1000,
          0,
        );
      for (const flow of flows) {
        if (left.has(flow) || (toDateOnly.has(flow) && !isYearToDate)) continue;
        const concept =
          flow !== "revenue"
            ? concepts[flow]
            : filed >= newRevenueFrom
              ? "RevenueFromContractWithCustomerExcludingAssessedTax"
              : "SalesRevenueNet";
        usd(concept, from, to, sum(flow));
      }
      // A share's earnings are told on the shares of the day of the report, whatever there were then.
      const perShare = Math.round((100 * sum("netIncome")) / shares(filed)) / 100;
      for (const concept of ["EarningsPerShareBasic", "EarningsPerShareDiluted"]) {
        facts.push({ taxonomy: "us-gaap", concept, unit: "USD/shares", from, to, value: perShare });
      }
      for (const concept of [
        "WeightedAverageNumberOfSharesOutstandingBasic",
        "WeightedAverageNumberOfDilutedSharesOutstanding",
      ]) {
        const value = Math.round(shares(filed));
        facts.push({ taxonomy: "us-gaap", concept, unit: "shares", from, to, value });
      }
    }
  }
  // The balance sheet of the day, beside that of the last year's end.
  const lastYear = quarters[at - current.number];
  for (const quarter of lastYear ? [current, lastYear] : [current]) {
    for (const balance of balances) {
      if (left.has(balance)) continue;
      usd(concepts[balance], undefined, quarter.to, quarter.balances[balance]);
    }
  }
  const cover = addDays(filed, -5);
  facts.push({
    taxonomy: "dei",
    concept: "EntityCommonStockSharesOutstanding",
    unit: "shares",
    from: undefined,
    to: cover < current.to ? current.to : cover,
    value: Math.round(shares(cover)),
  });
  return facts;
}
