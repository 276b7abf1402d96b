import { addDays } from "../../market/trading-day.ts";
import { drawCompany, indexOfIssuer } from "../company.ts";
import type { Listing } from "../listing.ts";
import type { Market } from "../market.ts";
import { keepBooks } from "./books.ts";
import { fileReports, type SimulatedFiling } from "./filings.ts";

/** A company as EDGAR knows it. */
export interface Filer {
  /** CIK of ten digits. */
  readonly issuer: string;
  readonly name: string;
  readonly listings: readonly Listing[];
  readonly filings: readonly SimulatedFiling[];
}

/** Days of books before a company's first session: three years of reports, to compare with. */
const booksBefore = 3 * 366;

/** All that the companies of a market ever filed; a company's filings are made when they are asked for, and kept. */
export class Archive {
  readonly #market: Market;
  readonly #listings: ReadonlyMap<string, Listing[]>;
  readonly #filers = new Map<string, Filer>();

  constructor(market: Market) {
    this.#market = market;
    this.#listings = Map.groupBy(market.listings, ({ issuer }) => issuer);
  }

  /** CIKs, ascending. */
  get issuers(): string[] {
    return [...this.#listings.keys()].sort();
  }

  filer(issuer: string): Filer | undefined {
    const held = this.#filers.get(issuer);
    if (held !== undefined) return held;
    const listings = this.#listings.get(issuer);
    if (listings === undefined) return undefined;
    const filer = this.#make(issuer, listings);
    this.#filers.set(issuer, filer);
    return filer;
  }

  #make(issuer: string, listings: readonly Listing[]): Filer {
    const { seed, sessions } = this.#market;
    const index = indexOfIssuer(issuer);
    const first = listings[0]!;
    const company = { ...drawCompany(seed, index), ticker: first.ticker };
    const to = first.delisting?.lastDay ?? sessions.at(-1)!;
    const quarters = keepBooks(seed, index, company, addDays(first.firstDay, -booksBefore), to);
    const splits = this.#market.history(first).splits.map(({ exDate, numerator, denominator }) => ({
      exDate,
      ratio: numerator / denominator,
    }));
    return {
      issuer,
      name: `${first.name.toUpperCase()} (SIMULATED)`,
      listings,
      filings: fileReports(seed, index, company, quarters, splits).filter(
        ({ filed }) => filed <= to,
      ),
    };
  }
}
