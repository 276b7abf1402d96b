import { newYorkInstant } from "../../market/new-york.ts";
import type { TradingDay } from "../../market/trading-day.ts";

/** When EDGAR opens: nothing that is dated a day can be read before. */
const opens = 6 * 60;
const dayMinutes = 24 * 60;

/**
 * When the market could first read a filing, ms since 1970 UTC.
 *
 * The digits of `acceptanceDateTime` are read as New York's clock, whatever their Z says: for about a fifth of filers they are,
 * and for the others this is the later reading. A filing that was accepted after 17:30 is dated the next business day and
 * disseminated at 06:00 of it.
 *
 * @param accepted `2025-10-31T06:01:26.000Z`, of the submissions
 * @returns undefined for what is no such text
 */
export function knownByAcceptance(accepted: string, filed: TradingDay): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})/.exec(accepted);
  if (match === null || Number.isNaN(Date.parse(`${match[0]}Z`))) return undefined;
  const [, day, hours, minutes, seconds] = match;
  const clock =
    newYorkInstant(day as TradingDay, Number(hours) * 60 + Number(minutes)) +
    Number(seconds) * 1000;
  return Math.max(clock, newYorkInstant(filed, opens));
}

/** The end of a filing's day in New York: what is known of it where nobody tells when it was accepted. */
export function knownByFilingDay(filed: TradingDay): number {
  return newYorkInstant(filed, dayMinutes - 1) + 59_000;
}
