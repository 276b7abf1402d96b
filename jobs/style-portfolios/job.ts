import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { InvalidInput, messageOf } from "../../shared/errors.ts";
import { styleReturns, type StyleReturns } from "../../shared/factors/portfolios/style-returns.ts";
import { isTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { readingOrder } from "../../shared/warehouse/tables/price-sources.ts";
import type { Deps } from "../deps.ts";

export interface PortfoliosArgs {
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** CSV file of day and rate. */
  readonly riskFree: string | undefined;
}

/** A portfolio's returns in short: of a year of 252 sessions. */
export interface PortfolioSummary {
  readonly name: string;
  readonly sessions: number;
  readonly mean: number;
  readonly deviation: number;
  /** Mean over its standard error, days taken for independent. */
  readonly t: number;
}

type OrNull<Row> = {
  readonly [Name in keyof Row]: Row[Name] extends number ? number | null : Row[Name];
};

export interface PortfoliosReport {
  /** Null where a portfolio has no return: no security could be sorted. */
  readonly returns: readonly OrNull<StyleReturns>[];
  readonly summary: readonly PortfolioSummary[];
  readonly notes: readonly string[];
}

const names = ["market", "smb", "hml", "rmw", "cma"] as const;
const yearSessions = 252;

/**
 * Returns of market, size, value, profitability and investment.
 *
 * @throws InvalidInput when there are no prices, or the file of rates is none
 */
export async function run(
  { from, to, riskFree }: PortfoliosArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<PortfoliosReport> {
  const sources = await readingOrder(deps.warehouse, deps.settings.get("sources"));
  if (sources.length === 0) {
    throw new InvalidInput('The warehouse holds no prices: run "quarry backfill prices" first.');
  }
  const rates = riskFree === undefined ? undefined : await readRates(riskFree);
  const returns = await styleReturns(deps.warehouse, sources, { from, to }, rates, signal);
  return {
    returns: returns.map((row) => {
      const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
      return {
        ...row,
        market: orNull(row.market),
        smb: orNull(row.smb),
        hml: orNull(row.hml),
        rmw: orNull(row.rmw),
        cma: orNull(row.cma),
      };
    }),
    summary: names.map((name) => summaryOf(name, returns)),
    notes: [
      "Breakpoints are of all securities, and not of those listed in New York alone.",
      rates === undefined
        ? "The market's return is raw: no risk-free rate was given."
        : `The market's return is less the rate of ${riskFree!}.`,
    ],
  };
}

function summaryOf(
  name: (typeof names)[number],
  returns: readonly StyleReturns[],
): PortfolioSummary {
  const values = returns.map((row) => row[name]).filter(Number.isFinite);
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return {
    name,
    sessions: count,
    mean: mean * yearSessions,
    deviation: Math.sqrt(variance * yearSessions),
    t: mean / Math.sqrt(variance / count),
  };
}

async function readRates(path: string): Promise<Map<TradingDay, number>> {
  let rows: string[][];
  try {
    rows = parse(await readFile(path, "utf8"), { bom: true, trim: true, skip_empty_lines: true });
  } catch (thrown) {
    throw new InvalidInput(`${path}: expected CSV with day and rate: ${messageOf(thrown)}.`);
  }
  const rates = new Map<TradingDay, number>();
  for (const [at, [day = "", text = ""]] of rows.entries()) {
    const rate = Number(text);
    if (isTradingDay(day) && text !== "" && Math.abs(rate) < 0.01) rates.set(day, rate);
    else if (at > 0) {
      throw new InvalidInput(
        `${path}:${at + 1}: expected a day and a rate as a fraction a day (0.0001), got "${day},${text}".`,
      );
    }
  }
  return rates;
}
