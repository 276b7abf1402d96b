import { sessionCloseMs, sessionOpenMs, sessions } from "../../market/calendar.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** The days the table covers: ClickHouse's `Date` begins in 1970. */
const first = "1970-01-01" as TradingDay;
const last = "2069-12-31" as TradingDay;

/** Fills the table of sessions from the trading calendar, once. */
export async function ensureSessions(warehouse: Warehouse): Promise<void> {
  const held = await warehouse.rows<{ count: number }>("SELECT count() AS count FROM sessions");
  const days = sessions(first, last);
  if ((held[0]?.count ?? 0) >= days.length) return;
  await insertColumns(warehouse, "sessions", [
    { name: "day", type: "Date", values: Uint16Array.from(days, dayNumber) },
    { name: "open_at", type: "DateTime('UTC')", values: seconds(days, sessionOpenMs) },
    { name: "close_at", type: "DateTime('UTC')", values: seconds(days, sessionCloseMs) },
  ]);
}

function seconds(days: readonly TradingDay[], ms: (day: TradingDay) => number): Uint32Array {
  return Uint32Array.from(days, (day) => ms(day) / 1000);
}
