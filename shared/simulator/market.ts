import { InvalidInput } from "../errors.ts";
import { sessions as sessionsBetween } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { Historian } from "./historian.ts";
import type { History } from "./history.ts";
import type { Turnover } from "./life.ts";
import type { Listing } from "./listing.ts";
import { planListings } from "./listings.ts";
import { plantedShare, type PlantedRho } from "./plants.ts";

/** What a market is made of; equal options make equal bytes. */
export interface MarketOptions extends Partial<Turnover> {
  readonly seed: number;
  /** How many listings; share classes count apart, and so do the two owners of a reused ticker. */
  readonly securities: number;
  readonly from: TradingDay;
  /** The last day, included. */
  readonly to: TradingDay;
  /** What is planted; default `{ rev_5: 0.04, mom_12_1: 0.02 }`, and `{}` plants nothing. */
  readonly rho?: PlantedRho;
  /** Expected trading halts a company and year; default 0.1. */
  readonly haltsPerYear?: number;
}

/** A simulated stock market: who is listed, and on demand what each listing did. */
export interface Market {
  /** What every row that comes from here carries as its source. */
  readonly source: "simulated";
  readonly seed: number;
  readonly rho: PlantedRho;
  /** The sessions of the New York Stock Exchange from the first day to the last. */
  readonly sessions: readonly TradingDay[];
  /** Ascending by id; several may share a ticker, one after the other. */
  readonly listings: readonly Listing[];
  /** Sector by ticker; a reused ticker has that of its last owner. */
  readonly groups: ReadonlyMap<string, string>;
  /** Makes the bars and events of one listing: new arrays at each call, the same numbers whatever was made before. */
  history(listing: Listing): History;
}

const defaults = {
  rho: { rev_5: 0.04, mom_12_1: 0.02 },
  lateStarts: 0.25,
  delistingsPerYear: 0.03,
  haltsPerYear: 0.1,
} as const;

const fewestSessions = 100;

/**
 * Simulates a market. A security's shocks depend on the seed and its id alone, so a market of more securities contains
 * those of a market of fewer; its first and last day depend on the span as well.
 *
 * @throws InvalidInput for fewer than 100 sessions, a number of securities that is no positive whole number, or planted
 *   parts whose squares add to 1 or more
 */
export function simulateMarket(options: MarketOptions): Market {
  const { seed, securities, from, to, rho, haltsPerYear, ...turnover } = {
    ...defaults,
    ...options,
  };
  const sessions = sessionsBetween(from, to);
  if (sessions.length < fewestSessions) {
    throw new InvalidInput(
      `A simulated market needs ${fewestSessions} sessions, ${from} to ${to} has ${sessions.length}.`,
    );
  }
  if (!Number.isInteger(securities) || securities < 1) {
    throw new InvalidInput(`securities: expected a whole number from 1 on, got ${securities}.`);
  }
  if (!(plantedShare(rho) < 1)) {
    throw new InvalidInput(
      `rho: expected squares that add to less than 1, got ${JSON.stringify(rho)}.`,
    );
  }
  const plans = planListings(seed, securities, sessions, turnover);
  const historian = new Historian(seed, sessions, rho, haltsPerYear);
  return {
    source: "simulated",
    seed,
    rho,
    sessions,
    listings: plans.map(({ listing }) => listing),
    groups: new Map(plans.map(({ listing }) => [listing.ticker, listing.group])),
    history: ({ id }) => historian.history(plans[id]!),
  };
}
