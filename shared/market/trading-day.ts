import { InvalidInput } from "../errors.ts";

declare const brand: unique symbol;

/** A calendar day of the market in New York, `YYYY-MM-DD`. Days compare and sort as strings. */
export type TradingDay = string & { readonly [brand]: "TradingDay" };

const msPerDay = 86_400_000;

/**
 * Reads a day.
 *
 * @param text what should be `YYYY-MM-DD`
 * @param what what the day is for; the message names it
 * @throws InvalidInput when the text is no day of the Gregorian calendar
 */
export function parseTradingDay(text: string, what = "day"): TradingDay {
  if (!isTradingDay(text)) {
    throw new InvalidInput(`${what}: expected a day as YYYY-MM-DD, got "${text}".`);
  }
  return text;
}

/** True for the text of an existing day, `2024-02-29` but not `2023-02-29`. */
export function isTradingDay(text: string): text is TradingDay {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Days since 1970-01-01, the number ClickHouse's `Date` stores. */
export function dayNumber(day: TradingDay): number {
  return Date.parse(`${day}T00:00:00Z`) / msPerDay;
}

/** The day of a number of days since 1970-01-01. */
export function fromDayNumber(number: number): TradingDay {
  return new Date(number * msPerDay).toISOString().slice(0, 10) as TradingDay;
}

/** The day `count` calendar days later, or earlier when negative. */
export function addDays(day: TradingDay, count: number): TradingDay {
  return fromDayNumber(dayNumber(day) + count);
}

/** The later of two days. */
export function laterDay(a: TradingDay, b: TradingDay): TradingDay {
  return a > b ? a : b;
}

/** The earlier of two days. */
export function earlierDay(a: TradingDay, b: TradingDay): TradingDay {
  return a < b ? a : b;
}
