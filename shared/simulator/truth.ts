import { drawCompany, indexOfIssuer, type Company } from "./company.ts";
import type { Market } from "./market.ts";
import { strengths, type PlantedFactor } from "./plants.ts";
import { expectedRankIc } from "./rank-ic.ts";

/** What a library factor is truly worth on a market. */
export interface FactorTruth {
  readonly name: string;
  /** Planted on purpose, or correlated with what was. */
  readonly role: "planted" | "inherited";
  /** The planted factor it works by. */
  readonly through: PlantedFactor;
  /** Sign of `expectedRankIc`; where there is none, of the mean rank IC with the next day's return at the default rho. */
  readonly sign: 1 | -1;
  /** Mean daily rank IC by `expectedRankIc`; undefined where the factor is no sum of returns. */
  readonly expectedRankIc: number | undefined;
}

/** What the expected ICs are measured against. */
export interface ReturnSpan {
  /** Sessions of the forward return; default 1. */
  readonly horizon?: number;
  /** Sessions from the factor's day to the first price; default 0. */
  readonly delay?: number;
}

interface KnownFactor {
  readonly name: string;
  readonly through: PlantedFactor;
  /** With a positive rho, at one day. */
  readonly sign: 1 | -1;
  /** For sums of returns: sessions back to the newest and the oldest return, and the weight of each. */
  readonly sums?: { readonly newest: number; readonly oldest: number; readonly weight: 1 | -1 };
}

/**
 * The factors of the library that work where `through` is planted. The others (betas, volatilities, skewness) rank
 * nothing: expected returns are the same for all. Found by the formulas, and seen on 8 markets without and with plants.
 * `high_52w` stands between the two: reversal takes most of what it has from momentum.
 */
const known: readonly KnownFactor[] = [
  { name: "rev_5", through: "rev_5", sign: 1, sums: { newest: 0, oldest: 4, weight: -1 } },
  { name: "roc_20", through: "rev_5", sign: -1, sums: { newest: 0, oldest: 19, weight: 1 } },
  { name: "rsi_14", through: "rev_5", sign: -1 },
  { name: "rsi_28", through: "rev_5", sign: -1 },
  { name: "pvt_20", through: "rev_5", sign: -1 },
  { name: "max_21", through: "rev_5", sign: -1 },
  { name: "mom_12_1", through: "mom_12_1", sign: 1, sums: { newest: 21, oldest: 251, weight: 1 } },
  { name: "mom_6_1", through: "mom_12_1", sign: 1, sums: { newest: 21, oldest: 125, weight: 1 } },
  { name: "seas_12", through: "mom_12_1", sign: 1, sums: { newest: 231, oldest: 251, weight: 1 } },
  { name: "resmom_12_1", through: "mom_12_1", sign: 1 },
  { name: "high_52w", through: "mom_12_1", sign: 1 },
  { name: "turnover_trend", through: "mom_12_1", sign: 1 },
  { name: "amihud_252", through: "mom_12_1", sign: -1 },
  // Books know nothing of prices here: what stands over a price that rose is low.
  { name: "book_to_market", through: "mom_12_1", sign: -1 },
  { name: "earnings_yield", through: "mom_12_1", sign: -1 },
  { name: "sales_yield", through: "mom_12_1", sign: -1 },
  { name: "cash_flow_yield", through: "mom_12_1", sign: -1 },
];

/** The expectation is a mean over pairs; so many companies give it to 1 %. */
const companiesInMean = 300;

/**
 * The factors that truly work on a market, planted ones first, with what they are expected to show.
 * Empty where nothing is planted.
 */
export function plantedTruth(market: Market, span: ReturnSpan = {}): FactorTruth[] {
  const { horizon = 1, delay = 0 } = span;
  const companies = sample(market);
  const planted = new Set(strengths(market.rho).map(({ plant }) => plant.name));
  const truths = known
    .filter(({ through }) => planted.has(through))
    .map(({ name, through, sign, sums }): FactorTruth => {
      const weights =
        sums &&
        Float64Array.from({ length: sums.oldest + 1 }, (_, lag) =>
          lag < sums.newest ? 0 : sums.weight,
        );
      const expected =
        weights && expectedRankIc(companies, market.rho, { weights, horizon, delay });
      return {
        name,
        role: name === through ? "planted" : "inherited",
        through,
        sign: signOf(expected) ?? signOf(sign * market.rho[through]!)!,
        expectedRankIc: expected,
      };
    });
  return [
    ...truths.filter(({ role }) => role === "planted"),
    ...truths.filter(({ role }) => role === "inherited"),
  ];
}

function signOf(value: number | undefined): 1 | -1 | undefined {
  if (value === undefined || value === 0) return undefined;
  return value > 0 ? 1 : -1;
}

/** Companies at equal distances of the market's list. */
function sample({ seed, listings }: Market): Company[] {
  const step = Math.max(1, listings.length / companiesInMean);
  return Array.from({ length: Math.floor(listings.length / step) }, (_, at) =>
    drawCompany(seed, indexOfIssuer(listings[Math.floor(at * step)]!.issuer)),
  );
}
