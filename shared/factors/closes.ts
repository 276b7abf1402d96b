import { sessionCloseMs } from "../market/calendar.ts";
import { fromDayNumber } from "../market/trading-day.ts";
import type { Axis } from "./series.ts";

const closes = new WeakMap<Axis, Float64Array>();

/** The close of each session of an axis, ms since 1970 UTC. */
export function closesOf(axis: Axis): Float64Array {
  let known = closes.get(axis);
  if (known === undefined) {
    known = Float64Array.from(axis.days, (day) => sessionCloseMs(fromDayNumber(day)));
    closes.set(axis, known);
  }
  return known;
}
