import { InvalidInput } from "../../errors.ts";
import { spansAsKnown, type MembershipChange } from "../../market/membership-changes.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import type { Membership } from "../../market/universe.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** Adds changes to a list; those that are there already stay as they are. @returns how many were new */
export async function addMembershipChanges(
  warehouse: Warehouse,
  list: string,
  changes: readonly MembershipChange[],
  { capture, runId, nowMs }: { capture: string; runId: string; nowMs: number },
): Promise<number> {
  const keyOf = ({ ticker, day, memberOf }: MembershipChange): string =>
    `${ticker} ${day} ${memberOf}`;
  // What was known earlier stays known: a file that comes again, or a newer one, does not hide it.
  const held = new Map<string, number>();
  for (const change of await readChanges(warehouse, list)) {
    held.set(
      keyOf(change),
      Math.min(held.get(keyOf(change)) ?? Infinity, seconds(change.knownAtMs)),
    );
  }
  const fresh = changes.filter(
    (change) => !((held.get(keyOf(change)) ?? Infinity) <= seconds(change.knownAtMs)),
  );
  const text = (name: string, pick: (change: MembershipChange) => string) =>
    ({ name, type: "String", text: fresh.map(pick) }) as const;
  await insertColumns(warehouse, "memberships", [
    text("list", () => list),
    text("ticker", ({ ticker }) => ticker),
    { name: "day", type: "Date", values: Uint16Array.from(fresh, ({ day }) => dayNumber(day)) },
    text("member_of", ({ memberOf }) => memberOf),
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(fresh, ({ knownAtMs }) => seconds(knownAtMs)),
    },
    text("capture", () => capture),
    text("run_id", () => runId),
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(fresh.length).fill(seconds(nowMs)),
    },
  ]);
  return fresh.length;
}

/** Rounded up: nothing is known early. */
const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** A list as one saw it at the close of each day; of one that nobody knew of there is nothing. */
export async function membershipsAsKnown(
  warehouse: Warehouse,
  list: string,
): Promise<Membership[]> {
  return spansAsKnown(await readChanges(warehouse, list));
}

/** @throws InvalidInput for a list that the warehouse does not hold */
export async function checkList(warehouse: Warehouse, list: string): Promise<void> {
  const lists = await membershipLists(warehouse);
  if (lists.includes(list)) return;
  throw new InvalidInput(
    `Expected a file, or a list that the warehouse holds (${lists.join(", ") || "none: see quarry import memberships"}), got "${list}".`,
  );
}

/** The names of all lists. */
async function membershipLists(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.rows<{ list: string }>(
    "SELECT DISTINCT list FROM memberships ORDER BY list",
  );
  return rows.map(({ list }) => list);
}

async function readChanges(warehouse: Warehouse, list: string): Promise<MembershipChange[]> {
  const rows = await warehouse.rows<{
    ticker: string;
    day: TradingDay;
    memberOf: string;
    knownAt: number;
  }>(
    `SELECT ticker, day, member_of AS memberOf, toUnixTimestamp(min(known_at)) AS knownAt FROM memberships
     WHERE list = {list:String} GROUP BY ticker, day, member_of ORDER BY ticker, day, knownAt, memberOf`,
    { list },
  );
  return rows.map(({ knownAt, ...change }) => ({ ...change, knownAtMs: knownAt * 1000 }));
}
