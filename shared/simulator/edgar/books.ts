import { addDays, fromDayNumber, type TradingDay } from "../../market/trading-day.ts";
import type { Company } from "../company.ts";
import { RandomStream } from "../random.ts";

/** What a company's books say of a quarter: dollars, but for shares and what is a share's. */
export interface Quarter {
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** 1 to 4 within the fiscal year. */
  readonly number: number;
  /** The calendar year in which the fiscal year ends. */
  readonly fiscalYear: number;
  readonly flows: Readonly<Record<Flow, number>>;
  readonly balances: Readonly<Record<Balance, number>>;
}

export const flows = [
  "revenue",
  "cost",
  "grossProfit",
  "research",
  "selling",
  "operatingIncome",
  "interest",
  "pretax",
  "tax",
  "netIncome",
  "depreciation",
  "operatingCash",
  "capex",
  "dividends",
  "buybacks",
] as const;
export type Flow = (typeof flows)[number];

export const balances = [
  "assets",
  "currentAssets",
  "cash",
  "receivables",
  "inventory",
  "liabilities",
  "currentLiabilities",
  "shortTermDebt",
  "longTermDebt",
  "retained",
  "equity",
] as const;
export type Balance = (typeof balances)[number];

/** Last months of fiscal years, most of them December. */
const yearEnds = [12, 12, 12, 12, 12, 9, 6, 3] as const;

/** The last day of a month. */
function monthEnd(year: number, month: number): TradingDay {
  return fromDayNumber(Date.UTC(year, month, 0) / 86_400_000);
}

/**
 * Keeps a company's books from a day to another: quarter after quarter, what comes in stays in the balance sheet. Nothing of it
 * knows the company's price after the first day.
 */
export function keepBooks(
  seed: number,
  index: number,
  company: Company,
  from: TradingDay,
  to: TradingDay,
): Quarter[] {
  const stream = new RandomStream(seed, `books/${index}`);
  const lastMonth = stream.pick(yearEnds);
  const value = company.firstPrice * company.shares;
  const quality = stream.normal();
  const bookToMarket = Math.exp(-0.7 + 0.6 * stream.normal());
  let equity = value * bookToMarket;
  const leverage = Math.exp(0.5 * stream.normal());
  let debt = 0.4 * equity * leverage;
  let retained = 0.5 * equity;
  const turnover = stream.between(0.35, 1.4);
  let revenue = (turnover * (equity + debt)) / 4;
  const growth = 0.01 + 0.01 * stream.normal();
  const grossMargin = Math.min(
    0.85,
    Math.max(0.08, 0.38 + 0.12 * quality + 0.08 * stream.normal()),
  );
  const sellingShare = grossMargin * stream.between(0.3, 0.55);
  const researchShare = stream.chance(0.5) ? grossMargin * stream.between(0.05, 0.25) : 0;
  const season = Array.from({ length: 4 }, () => Math.exp(0.08 * stream.normal()));
  const payout = company.dividendYield > 0 ? stream.between(0.2, 0.5) : 0;
  const repurchases = stream.chance(0.4) ? stream.between(0.1, 0.4) : 0;
  let cash = 0.2 * equity;
  const quarters: Quarter[] = [];
  let year = Number(from.slice(0, 4));
  let month = lastMonth % 3 === 0 ? 3 : lastMonth % 3;
  for (;;) {
    const end = monthEnd(year, month);
    const begin = addDays(
      monthEnd(month <= 3 ? year - 1 : year, month <= 3 ? month + 9 : month - 3),
      1,
    );
    if (end > to) break;
    if (begin >= from) {
      const number = ((((month - lastMonth + 24) % 12) / 3 + 3) % 4) + 1;
      const fiscalYear = month > lastMonth ? year + 1 : year;
      revenue *= Math.exp(growth + 0.04 * stream.normal());
      const sales = revenue * season[number - 1]!;
      const margin = Math.min(0.9, Math.max(0.02, grossMargin + 0.02 * stream.normal()));
      const cost = sales * (1 - margin);
      const selling = sales * sellingShare * Math.exp(0.05 * stream.normal());
      const research = sales * researchShare;
      const operatingIncome = sales - cost - selling - research;
      const interest = 0.0125 * debt;
      const pretax = operatingIncome - interest;
      const tax = pretax > 0 ? 0.21 * pretax : 0;
      const netIncome = pretax - tax;
      const depreciation = 0.012 * (equity + debt);
      const accruals = 0.05 * sales * stream.normal();
      const operatingCash = netIncome + depreciation - accruals;
      const capex = depreciation * stream.between(0.7, 1.5);
      const dividends = netIncome > 0 ? payout * netIncome : 0;
      const buybacks = netIncome > 0 ? repurchases * netIncome : 0;
      equity += netIncome - dividends - buybacks;
      retained += netIncome - dividends;
      cash += operatingCash - capex - dividends - buybacks;
      if (cash < 0.02 * sales) {
        debt += 0.1 * sales - cash;
        cash = 0.1 * sales;
      } else if (cash > sales && debt > 0) {
        const repaid = Math.min(debt, cash - sales);
        debt -= repaid;
        cash -= repaid;
      }
      // A company that has lost all of its own money is given some.
      if (equity < 0.02 * (equity + debt)) {
        const given = 0.3 * debt + sales;
        equity += given;
        cash += given;
      }
      const receivables = 0.5 * sales;
      const inventory = 0.3 * cost;
      const payables = 0.4 * cost;
      const liabilities = debt + payables;
      quarters.push({
        from: begin,
        to: end,
        number,
        fiscalYear,
        flows: rounded({
          revenue: sales,
          cost,
          grossProfit: sales - cost,
          research,
          selling,
          operatingIncome,
          interest,
          pretax,
          tax,
          netIncome,
          depreciation,
          operatingCash,
          capex,
          dividends,
          buybacks,
        }),
        balances: rounded({
          assets: equity + liabilities,
          currentAssets: cash + receivables + inventory,
          cash,
          receivables,
          inventory,
          liabilities,
          currentLiabilities: payables + 0.15 * debt,
          shortTermDebt: 0.15 * debt,
          longTermDebt: 0.85 * debt,
          retained,
          equity,
        }),
      });
    }
    month += 3;
    if (month > 12) {
      month -= 12;
      year++;
    }
  }
  return quarters;
}

/** Whole thousands, as books are kept. */
function rounded<Name extends string>(values: Record<Name, number>): Record<Name, number> {
  const result = { ...values };
  for (const name of Object.keys(values) as Name[]) {
    result[name] = Math.round(values[name] / 1000) * 1000;
  }
  return result;
}
