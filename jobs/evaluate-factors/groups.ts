import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InvalidInput } from "../../shared/errors.ts";
import { groupsByDay } from "../../shared/evaluation/groups-by-day.ts";
import type { Groups } from "../../shared/evaluation/tables.ts";
import type { GroupFile } from "./args.ts";
import { comparable, readUniverse } from "../../shared/market/universe.ts";

const groupsSchema = z.record(z.string(), z.string());

/**
 * Reads groups by ticker: JSON `{"AAPL": "Technology"}`, or CSV with columns ticker and group (or sector).
 *
 * @throws InvalidInput for anything else
 */
export async function readGroups(path: string): Promise<GroupFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new InvalidInput(`${path}: no such file, or it can't be read.`);
  }
  if (!text.trimStart().startsWith("{")) {
    const rows = readUniverse(text, path);
    if (rows.every(({ group }) => group === undefined)) {
      throw new InvalidInput(`${path}: expected columns ticker and group.`);
    }
    const known = rows.flatMap(({ ticker, group }) =>
      group === undefined ? [] : [[comparable(ticker), group]],
    );
    return { file: path, of: Object.fromEntries(known) as Record<string, string> };
  }
  let parsed;
  try {
    parsed = groupsSchema.safeParse(JSON.parse(text));
  } catch {
    throw new InvalidInput(`${path}: expected JSON {"TICKER": "group"}, and it is no JSON.`);
  }
  if (!parsed.success) {
    throw new InvalidInput(
      `${path}: expected JSON {"TICKER": "group"}: ${parsed.error.issues[0]!.message}.`,
    );
  }
  const known = Object.entries(parsed.data).map(([ticker, group]) => [comparable(ticker), group]);
  return { file: path, of: Object.fromEntries(known) as Record<string, string> };
}

/**
 * The group of each column, the same on all days.
 *
 * @param tickers one a column
 * @throws InvalidInput when no column has one
 */
export function groupsOf(
  file: string,
  of: Readonly<Record<string, string>>,
  tickers: readonly string[],
): Groups {
  const groups = new Map(Object.entries(of));
  const ofColumn = tickers.map((ticker) => groups.get(comparable(ticker)));
  const names = [...new Set(ofColumn.filter((name) => name !== undefined))].sort();
  if (names.length === 0)
    throw new InvalidInput(`${file}: no ticker of the factor has a group in it.`);
  return {
    names,
    of: Int32Array.from(ofColumn, (name) => (name === undefined ? -1 : names.indexOf(name))),
  };
}

/**
 * The group of each column on each day, by a list of the warehouse.
 *
 * @throws InvalidInput when no column ever has one
 */
export function groupsOfList(list: string, ...of: Parameters<typeof groupsByDay>): Groups {
  const groups = groupsByDay(...of);
  if (groups.of.some((code) => code >= 0)) return groups;
  throw new InvalidInput(
    `${list}: on no day was a security of the factor known to be in a group of it.`,
  );
}
