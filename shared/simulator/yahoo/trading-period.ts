/** A part of a trading day as Yahoo writes it. */
interface Period {
  readonly timezone: "EST" | "EDT";
  readonly start: number;
  readonly end: number;
  readonly gmtoffset: number;
}

/** The parts of the day whose pre-market began last. */
export interface TradingPeriods {
  readonly pre: Period;
  readonly regular: Period;
  readonly post: Period;
}

const hour = 3600;
const openOfDay = 9.5 * hour;

/**
 * Pre-market from 04:00, the session, post-market to 20:00, all s since 1970.
 *
 * @param open of the session, 09:30 in New York
 * @param close of the session
 */
export function tradingPeriods(open: number, close: number): TradingPeriods {
  const gmtoffset = openOfDay - (open % (24 * hour));
  const timezone = gmtoffset === -4 * hour ? "EDT" : "EST";
  const period = (start: number, end: number): Period => ({ timezone, start, end, gmtoffset });
  const midnight = open - openOfDay;
  return {
    pre: period(midnight + 4 * hour, open),
    regular: period(open, close),
    post: period(close, midnight + 20 * hour),
  };
}

/** True from the start of a session's pre-market on. */
export function hasBegun(open: number, now: number): boolean {
  return open - 5.5 * hour <= now;
}
