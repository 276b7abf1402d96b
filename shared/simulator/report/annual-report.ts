import type { TradingDay } from "../../market/trading-day.ts";
import type { Listing } from "../listing.ts";
import type { Market } from "../market.ts";
import { pdfOf } from "../pdf.ts";
import { RandomStream } from "../random.ts";

/** An annual report of a simulated company. */
export interface SimulatedReport {
  readonly ticker: string;
  readonly periodEnd: TradingDay;
  readonly pdf: Uint8Array;
}

/**
 * The annual report on a calendar year as a PDF of six pages, one of them a scan. Its words go by what the price did in that year,
 * which everybody knew at its end; undefined where the company did not trade for all of it.
 */
export async function annualReport(
  market: Market,
  listing: Listing,
  year: number,
): Promise<SimulatedReport | undefined> {
  const { bars } = market.history(listing);
  const own = Array.from(bars.session, (session, at) => ({
    day: market.sessions[session]!,
    at,
  })).filter(({ day }) => day.startsWith(`${year}-`));
  if (own.length < 240) return undefined;
  const change = bars.close[own.at(-1)!.at]! / bars.close[own[0]!.at]! - 1;
  const random = new RandomStream(market.seed, `report/${listing.id}/${year}`);
  const good = change + 0.1 * random.normal() > 0;
  const number = (): number => 10 + random.integer(900);
  // So many good words, and so many bad ones: reports differ.
  const weight = Math.tanh(3 * change) + 0.5 * random.normal();
  const words = [
    ...glad.slice(0, Math.max(1, Math.min(glad.length, Math.round(4 + 3 * weight)))),
    ...sad.slice(0, Math.max(1, Math.min(sad.length, Math.round(4 - 3 * weight)))),
  ];
  const pages: (string | null)[] = [
    `${listing.name}\nAnnual report ${year}\nSimulated: every word of it is made up.`,
    `Letter to our shareholders. On behalf of our people and our customers we look back on\n${year}: ${good ? "profit rose strongly and orders improved" : "profit fell and demand was weak"} in ${number()} places.`,
    `Sustainability. Our climate initiatives cut emissions by ${number()} tons compared with the\nprevious year, and safety in our communities ${random.chance(0.5) ? "improved" : "deteriorated"}.`,
    `Competition. In an industry with ${number()} rivals our market share ${good ? "increased in a favorable" : "decreased in a difficult"} market,\nand customers' demand and pricing pressure followed the trend.`,
    `Risk factors. Litigation, cyber breaches and uncertain demand could harm us, and we depend on\n${number()} suppliers whose failure would ${good ? "hurt" : "severely damage and hurt"} our business.`,
    `Strategic priorities. We ${good ? "expand" : "restructure and cut"}, and invest ${number()} million dollars in innovation\nand long-term growth, compared with ${number()} in the previous year.\nOur strategic priorities met ${words.join(", ")} in ${number()} projects.`,
    null,
  ];
  return {
    ticker: listing.ticker,
    periodEnd: `${year}-12-31` as TradingDay,
    pdf: await pdfOf(pages),
  };
}

const glad = ["success", "progress", "gains", "benefits", "strong orders", "improvements", "wins"];
const sad = ["delays", "losses", "disputes", "failures", "shortages", "weak partners", "problems"];
