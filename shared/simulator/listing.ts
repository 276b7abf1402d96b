import type { TradingDay } from "../market/trading-day.ts";
import type { Company } from "./company.ts";

/** How a listing ended. */
export interface Delisting {
  /** The last session with a bar. */
  readonly lastDay: TradingDay;
  readonly reason: "takeover" | "failure";
  /** What a holder at the last close still earned, a fraction: about 0 in a takeover for cash, down to -1 in a failure. */
  readonly return: number;
}

/** One security of the simulated market under the ticker it trades by. */
export interface Listing {
  /** Place in `Market.listings`, permanent. */
  readonly id: number;
  /** As the exchange writes it: `ABCD`, a share class as `ABCD.A`. */
  readonly ticker: string;
  readonly name: string;
  /** Ten digits; the share classes of one company have the same. */
  readonly issuer: string;
  /** Sector. */
  readonly group: string;
  readonly exchange: "NYSE" | "Nasdaq";
  /** The first session with a bar. */
  readonly firstDay: TradingDay;
  /** Undefined while it trades. */
  readonly delisting: Delisting | undefined;
}

/** What the simulator knows of a listing beyond what it shows. */
export interface Plan {
  readonly listing: Listing;
  readonly company: Company;
  /** The company's number; chance that share classes have in common is drawn under it. */
  readonly companyIndex: number;
  /** True for the second share class of the company. */
  readonly secondClass: boolean;
  /** Position of the first session in the market's. */
  readonly first: number;
  /** Position of the last session. */
  readonly last: number;
  /** Position of the session on which a takeover is announced. */
  readonly announced: number | undefined;
}
