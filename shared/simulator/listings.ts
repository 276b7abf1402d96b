import type { TradingDay } from "../market/trading-day.ts";
import { drawCompany, type Company } from "./company.ts";
import { drawLife, lifeOfFirstOwner, lifeOfSecondOwner, type Life, type Turnover } from "./life.ts";
import type { Delisting, Plan } from "./listing.ts";

/**
 * Plans every listing. The first four are special: 0 and 1 are two share classes of one company, 2 and 3 are two companies
 * that use one ticker one after the other. The others are ordinary.
 *
 * @param count listings
 */
export function planListings(
  seed: number,
  count: number,
  sessions: readonly TradingDay[],
  turnover: Turnover,
): Plan[] {
  const wholeMarket: Life = { first: 0, last: sessions.length - 1, end: undefined };
  const shareClass = (id: number): Plan => {
    const company = drawCompany(seed, 0);
    const ticker = `${company.ticker}.${id === 0 ? "A" : "B"}`;
    return plan(id, 0, { ...company, ticker }, wholeMarket, sessions);
  };
  return Array.from({ length: count }, (_, id) => {
    if (id < 2) return shareClass(id);
    const company = drawCompany(seed, id);
    if (id === 2) {
      return plan(id, id, company, lifeOfFirstOwner(seed, id, sessions.length), sessions);
    }
    if (id === 3) {
      const { ticker } = drawCompany(seed, 2);
      return plan(id, id, { ...company, ticker }, lifeOfSecondOwner(sessions.length), sessions);
    }
    return plan(id, id, company, drawLife(seed, id, sessions.length, turnover), sessions);
  });
}

function plan(
  id: number,
  companyIndex: number,
  company: Company,
  life: Life,
  sessions: readonly TradingDay[],
): Plan {
  const delisting: Delisting | undefined = life.end && {
    lastDay: sessions[life.last]!,
    reason: life.end.reason,
    return: life.end.return,
  };
  return {
    listing: {
      id,
      ticker: company.ticker,
      name: company.name,
      issuer: company.issuer,
      group: company.sector,
      exchange: company.exchange,
      firstDay: sessions[life.first]!,
      delisting,
    },
    company,
    companyIndex,
    secondClass: id !== companyIndex,
    first: life.first,
    last: life.last,
    announced: life.end?.announced,
  };
}
