import { sessionCloseMs, sessionOpenMs } from "../../market/calendar.ts";
import type { Listing } from "../listing.ts";

/** Which listing a Yahoo symbol means at an instant. */
export class Symbols {
  readonly #listings = new Map<string, Listing[]>();
  readonly #removeDelisted: boolean;

  /** @param removeDelisted true when a delisted security vanishes with its last session's close */
  constructor(listings: readonly Listing[], removeDelisted: boolean) {
    this.#removeDelisted = removeDelisted;
    for (const listing of listings) {
      const symbol = symbolOf(listing.ticker);
      const owners = this.#listings.get(symbol);
      if (owners === undefined) this.#listings.set(symbol, [listing]);
      else owners.push(listing);
    }
    for (const owners of this.#listings.values()) {
      owners.sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1));
    }
  }

  /** The latest owner of the symbol that has begun to trade, unless it was removed. */
  find(symbol: string, nowMs: number): Listing | undefined {
    const listing = this.#listings
      .get(symbolOf(symbol))
      ?.findLast(({ firstDay }) => sessionOpenMs(firstDay) <= nowMs);
    const lastDay = listing?.delisting?.lastDay;
    const gone = lastDay !== undefined && sessionCloseMs(lastDay) <= nowMs;
    return gone && this.#removeDelisted ? undefined : listing;
  }
}

/** Yahoo's way of writing a share class: `ABCD-A` for `ABCD.A`. */
function symbolOf(ticker: string): string {
  return ticker.toUpperCase().replace(".", "-");
}
