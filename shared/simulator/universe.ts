import type { Market } from "./market.ts";

/**
 * The market as a universe file: `ticker,start,end,name,group,issuer,delisting_return`, a line a listing; both days are included, and the
 * end is empty while the listing trades. A reused ticker has two lines.
 */
export function universeCsv(market: Market): string {
  const lines = market.listings.map(({ ticker, firstDay, delisting, name, group, issuer }) =>
    [ticker, firstDay, delisting?.lastDay ?? "", name, group, issuer, delisting?.return ?? ""].join(
      ",",
    ),
  );
  return ["ticker,start,end,name,group,issuer,delisting_return", ...lines, ""].join("\n");
}
