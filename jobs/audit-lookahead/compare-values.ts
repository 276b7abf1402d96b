import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecurityId } from "../../shared/market/security.ts";
import { dayNumber, fromDayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { coded, numbers } from "../../shared/warehouse/native/column.ts";
import { throughLists, type ListView, type Values } from "./through-lists.ts";
import { readNative } from "../../shared/warehouse/native/reader.ts";

/** A value that is another one when what came later is hidden. */
export interface Difference {
  readonly factor: string;
  readonly securityId: SecurityId;
  readonly day: TradingDay;
  /** Null where there is none. */
  readonly value: number | null;
  readonly hidden: number | null;
}

/**
 * Compares two folders of value files bit by bit, up to a day: what is in one and not in the other differs too.
 *
 * @param views lists through which the values are looked at
 * @returns the first difference by factor, security and day
 */
export async function compareValues(
  whole: string,
  hidden: string,
  until: TradingDay,
  views?: { readonly whole: ListView; readonly hidden: ListView },
): Promise<{ compared: number; differences: number; first: Difference | null }> {
  const groups = [...new Set([...(await groupsOf(whole)), ...(await groupsOf(hidden))])].sort();
  const last = dayNumber(until);
  let compared = 0;
  let differences = 0;
  let first: Difference | null = null;
  for (const group of groups) {
    const through = (values: Values, view: ListView | undefined): Values =>
      view === undefined ? values : throughLists(values, view);
    const a = through(await read(whole, group, last), views?.whole);
    const b = through(await read(hidden, group, last), views?.hidden);
    for (const security of [...new Set([...a.keys(), ...b.keys()])].sort()) {
      const one = a.get(security) ?? new Map<number, number>();
      const other = b.get(security) ?? new Map<number, number>();
      for (const day of [...new Set([...one.keys(), ...other.keys()])].sort((x, y) => x - y)) {
        compared++;
        const value = one.get(day);
        const without = other.get(day);
        if (Object.is(value, without)) continue;
        differences++;
        const difference: Difference = {
          factor: group.split(".")[0]!,
          securityId: security as SecurityId,
          day: fromDayNumber(day),
          value: value ?? null,
          hidden: without ?? null,
        };
        if (first === null || isBefore(difference, first)) first = difference;
      }
    }
  }
  return { compared, differences, first };
}

function isBefore(a: Difference, b: Difference): boolean {
  if (a.factor !== b.factor) return a.factor < b.factor;
  return a.securityId !== b.securityId ? a.securityId < b.securityId : a.day < b.day;
}

/** `factor.year` of each file. */
async function groupsOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => name.split(".").slice(0, 2).join("."));
}

async function read(folder: string, group: string, last: number): Promise<Values> {
  const values: Values = new Map();
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${group}.`)) continue;
    for await (const block of readNative([await readFile(join(folder, name))])) {
      const { dictionary, codes } = coded(block, "security_id");
      const days = numbers(block, "day");
      const all = numbers(block, "value");
      for (let row = 0; row < block.rows; row++) {
        if (days[row]! > last) continue;
        const security = dictionary[codes[row]!]!;
        let own = values.get(security);
        if (own === undefined) {
          own = new Map<number, number>();
          values.set(security, own);
        }
        own.set(days[row]!, all[row]!);
      }
    }
  }
  return values;
}
