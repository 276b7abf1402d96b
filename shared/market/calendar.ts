import { InvalidInput } from "../errors.ts";
import { newYorkInstant } from "./new-york.ts";
import { dayNumber, fromDayNumber, type TradingDay } from "./trading-day.ts";

/**
 * The sessions of the New York Stock Exchange, 1970 on: the rules of its holidays, and the days on which it closed for a
 * reason of their own. Rules and special closings as NYSE Rule 7.2 and the exchange's list of historical closings.
 */
export const firstYear = 1970;
const lastYear = 2100;

/** Closings that follow no rule. */
const specialClosings = new Set([
  "1972-12-28", // funeral of Harry Truman
  "1973-01-25", // funeral of Lyndon Johnson
  "1977-07-14", // blackout
  "1985-09-27", // hurricane Gloria
  "1994-04-27", // funeral of Richard Nixon
  "2001-09-11",
  "2001-09-12",
  "2001-09-13",
  "2001-09-14",
  "2004-06-11", // funeral of Ronald Reagan
  "2007-01-02", // funeral of Gerald Ford
  "2012-10-29", // hurricane Sandy
  "2012-10-30",
  "2018-12-05", // funeral of George H. W. Bush
  "2025-01-09", // funeral of Jimmy Carter
]);

/** Sessions that ended early, by no rule; minutes after midnight. */
const specialEarlyCloses = new Map([
  ["1997-12-26", 13 * 60],
  ["1999-12-31", 13 * 60],
  ["2003-12-26", 13 * 60],
]);

const regularOpen = 9 * 60 + 30;
const regularClose = 16 * 60;

function utc(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** 0 is Sunday. */
function weekday(day: number): number {
  return (day + 4) % 7;
}

/** The n-th given weekday of a month; n = -1 is the last. */
function nth(year: number, month: number, wanted: number, n: number): number {
  if (n < 0) {
    const last = utc(year, month + 1, 0);
    return last - ((weekday(last) - wanted + 7) % 7);
  }
  const first = utc(year, month, 1);
  return first + ((wanted - weekday(first) + 7) % 7) + 7 * (n - 1);
}

/** A fixed date's day off: Friday for a Saturday, Monday for a Sunday. */
function observed(day: number): number {
  return weekday(day) === 6 ? day - 1 : weekday(day) === 0 ? day + 1 : day;
}

/** Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 1991). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return utc(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

function holidays(year: number): Set<number> {
  const days = [
    year >= 1971 ? nth(year, 2, 1, 3) : observed(utc(year, 2, 22)), // Washington's Birthday
    easter(year) - 2,
    observed(utc(year, 7, 4)),
    nth(year, 9, 1, 1), // Labor Day
    nth(year, 11, 4, 4), // Thanksgiving
    observed(utc(year, 12, 25)),
  ];
  // A New Year's Day on a Saturday has no day off: the Friday before closes the books of the year.
  const newYear = utc(year, 1, 1);
  if (weekday(newYear) !== 6) days.push(observed(newYear));
  if (year >= 1971) days.push(nth(year, 5, 1, -1)); // Memorial Day; that of 1970 was a Saturday without a day off
  if (year >= 1998) days.push(nth(year, 1, 1, 3)); // Martin Luther King Day
  if (year >= 2022) days.push(observed(utc(year, 6, 19))); // Juneteenth
  if (year <= 1980 && year % 4 === 0) days.push(nth(year, 11, 1, 1) + 1); // presidential election
  return new Set(days);
}

function earlyCloses(year: number, holiday: Set<number>): Map<number, number> {
  const early = new Map<number, number>();
  const put = (day: number, minutes: number): void => {
    if (weekday(day) >= 1 && weekday(day) <= 5 && !holiday.has(day)) early.set(day, minutes);
  };
  const time = year >= 1993 ? 13 * 60 : 14 * 60;
  if (year >= 1992) put(nth(year, 11, 4, 4) + 1, time); // the day after Thanksgiving
  put(utc(year, 12, 24), time);
  if (year >= 1995) {
    const fourth = utc(year, 7, 4);
    // Until 2012 the Friday after a Thursday holiday was the short day.
    if (weekday(fourth) === 4 && year < 2013) put(fourth + 1, time);
    else if (weekday(fourth) >= 2 && weekday(fourth) <= 5) put(fourth - 1, time);
  }
  for (const [day, minutes] of specialEarlyCloses) {
    if (day.startsWith(String(year)))
      early.set(Date.parse(`${day}T00:00:00Z`) / 86_400_000, minutes);
  }
  return early;
}

interface Year {
  readonly sessions: readonly number[];
  /** The same as text. */
  readonly days: readonly TradingDay[];
  readonly early: ReadonlyMap<number, number>;
}

const years = new Map<number, Year>();

function yearOf(year: number): Year {
  let known = years.get(year);
  if (known === undefined) {
    if (year < firstYear || year > lastYear) {
      throw new InvalidInput(
        `The trading calendar covers ${firstYear} to ${lastYear}, got a day in ${year}.`,
      );
    }
    const holiday = holidays(year);
    const sessions: number[] = [];
    for (let day = utc(year, 1, 1); day < utc(year + 1, 1, 1); day++) {
      if (weekday(day) === 0 || weekday(day) === 6 || holiday.has(day)) continue;
      if (!specialClosings.has(fromDayNumber(day))) sessions.push(day);
    }
    known = { sessions, days: sessions.map(fromDayNumber), early: earlyCloses(year, holiday) };
    years.set(year, known);
  }
  return known;
}

/**
 * The sessions from one day to another, both included, ascending.
 *
 * @throws InvalidInput outside 1970 to 2100
 */
export function sessions(from: TradingDay, to: TradingDay): TradingDay[] {
  const result: TradingDay[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    for (const day of yearOf(year).days) if (day >= from && day <= to) result.push(day);
  }
  return result;
}

/** True on a day with a session. */
export function isSession(day: TradingDay): boolean {
  return yearOf(Number(day.slice(0, 4))).days.includes(day);
}

/** The close of a day's session, in ms since 1970 UTC: 16:00 in New York, or earlier on a half day. */
export function sessionCloseMs(day: TradingDay): number {
  const early = yearOf(Number(day.slice(0, 4))).early.get(dayNumber(day));
  return newYorkInstant(day, early ?? regularClose);
}

/** The open of a day's session, 09:30 in New York, in ms since 1970 UTC. */
export function sessionOpenMs(day: TradingDay): number {
  return newYorkInstant(day, regularOpen);
}

/** True when the session of that day ends before 16:00. */
export function isHalfDay(day: TradingDay): boolean {
  return yearOf(Number(day.slice(0, 4))).early.has(dayNumber(day));
}

/** The last session whose close is at or before an instant, in ms since 1970 UTC. */
export function lastClosedSession(utcMs: number): TradingDay {
  let day = Math.floor(utcMs / 86_400_000) + 1;
  while (!isSession(fromDayNumber(day)) || sessionCloseMs(fromDayNumber(day)) > utcMs) day--;
  return fromDayNumber(day);
}
