import { forwardFactors } from "../../../shared/market/adjustment.ts";
import { dayNumber, type TradingDay } from "../../../shared/market/trading-day.ts";
import type { DayTable } from "../../../shared/evaluation/tables.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";

/** Sessions and securities of each market of the bench: four years, 80 names. */
export const span = { from: "2016-01-04" as TradingDay, to: "2019-12-31" as TradingDay };
export const securities = 80;

/** Total-return prices of a simulated market in which nothing is planted. */
export function marketPrices(seed: number): DayTable {
  const market = simulateMarket({ seed, securities, ...span, rho: {} });
  const days = market.sessions;
  const numbers = Uint16Array.from(days, dayNumber);
  const width = market.listings.length;
  const values = new Float64Array(days.length * width).fill(NaN);
  for (const [column, listing] of market.listings.entries()) {
    const { bars, splits, dividends } = market.history(listing);
    const { totalReturn } = forwardFactors(
      { days: Uint16Array.from(bars.session, (session) => numbers[session]!), closes: bars.close },
      [
        ...splits.map(({ exDate, numerator, denominator }) => ({
          kind: "split" as const,
          exDate,
          value: numerator / denominator,
        })),
        ...dividends.map(({ exDate, amount }) => ({
          kind: "dividend" as const,
          exDate,
          value: amount,
        })),
      ],
    );
    for (const [bar, session] of bars.session.entries()) {
      values[session * width + column] = bars.close[bar]! * totalReturn[bar]!;
    }
  }
  return { days, assets: market.listings.map(({ id }) => String(id)), values };
}
