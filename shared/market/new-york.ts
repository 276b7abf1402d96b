import { dayNumber, fromDayNumber, type TradingDay } from "./trading-day.ts";

/** New York's clock, by the time-zone data that ships with Node. */
const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

const msPerDay = 86_400_000;
const offsets = new Map<number, number>();

function readOffsetMs(utcMs: number): number {
  const part: Record<string, string> = {};
  for (const { type, value } of clock.formatToParts(utcMs)) part[type] = value;
  const local = Date.parse(
    `${part["year"]!}-${part["month"]!}-${part["day"]!}T${part["hour"]!}:${part["minute"]!}:${part["second"]!}Z`,
  );
  return local - Math.floor(utcMs / 1000) * 1000;
}

/**
 * New York's offset from UTC at noon UTC of a day, in ms (negative, -5 h or -4 h).
 * The clocks change at 02:00 on Sundays, so this is the offset from then on, and of every session of that day.
 */
function offsetMs(day: number): number {
  const known = offsets.get(day);
  if (known !== undefined) return known;
  const noon = (number: number): number => readOffsetMs(number * msPerDay + msPerDay / 2);
  // Asking for each day is slow, and a week that begins and ends alike has no change within.
  const start = 7 * Math.floor(day / 7);
  const [first, last] = [noon(start), noon(start + 6)];
  for (let at = start; at < start + 7; at++) offsets.set(at, first === last ? first : noon(at));
  return offsets.get(day)!;
}

/** Minutes after midnight at which the clocks change, on the days on which they do. */
const changeOfClocks = 2 * 60;

/**
 * The instant at which New York's clock shows a time of a day, in ms since 1970 UTC. Of a time that the clock shows twice
 * the first; one that it leaves out, 02:00 to 03:00 in spring, is taken for an hour earlier.
 *
 * @param minutes minutes since midnight, 570 for 09:30
 */
export function newYorkInstant(day: TradingDay, minutes: number): number {
  const number = dayNumber(day);
  const offset = offsetMs(minutes < changeOfClocks ? number - 1 : number);
  return number * msPerDay + minutes * 60_000 - offset;
}

/** The day on New York's calendar at an instant, in ms since 1970 UTC. */
export function newYorkDay(utcMs: number): TradingDay {
  const day = Math.floor(utcMs / msPerDay);
  const offset = offsetMs(day);
  // Around a change of the clocks the hour matters, elsewhere the day's offset will do.
  const exact = offset === offsetMs(day - 1) ? offset : readOffsetMs(utcMs);
  return fromDayNumber(Math.floor((utcMs + exact) / msPerDay));
}
