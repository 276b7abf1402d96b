import type { Listing } from "../../shared/simulator/listing.ts";
import type { Market } from "../../shared/simulator/market.ts";

/** Listings whose ticker another company has taken over since. */
export function replacedListings({ listings }: Market): Listing[] {
  return listings.filter(
    (listing) =>
      listing.delisting !== undefined &&
      listings.some(
        (other) => other.ticker === listing.ticker && other.firstDay > listing.firstDay,
      ),
  );
}

/** Their bars as a vendor's file: `date,ticker,open,high,low,close,volume`, as traded. */
export function archiveCsv(market: Market, listings: readonly Listing[]): string {
  const lines = ["date,ticker,open,high,low,close,volume"];
  for (const listing of listings) {
    const { bars } = market.history(listing);
    for (const [at, session] of bars.session.entries()) {
      const values = [bars.open[at], bars.high[at], bars.low[at], bars.close[at], bars.volume[at]];
      lines.push([market.sessions[session]!, listing.ticker, ...values].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}
