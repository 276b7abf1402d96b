import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InvalidInput } from "../../shared/errors.ts";
import type { EvaluationInput } from "../../shared/evaluation/tables.ts";
import { comparable, readUniverse } from "../../shared/market/universe.ts";

const groupsSchema = z.record(z.string(), z.string());

/**
 * Reads groups by ticker: JSON `{"AAPL": "Technology"}`, or CSV with columns ticker and group (or sector).
 *
 * @throws InvalidInput for anything else
 */
async function readGroups(path: string): Promise<Map<string, string>> {
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
    return new Map(
      rows.flatMap(({ ticker, group }) =>
        group === undefined ? [] : [[comparable(ticker), group]],
      ),
    );
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
  return new Map(Object.entries(parsed.data).map(([ticker, group]) => [comparable(ticker), group]));
}

/**
 * The group of each column.
 *
 * @param tickers one a column
 */
export async function groupsOf(
  path: string,
  tickers: readonly string[],
): Promise<NonNullable<EvaluationInput["groups"]>> {
  const groups = await readGroups(path);
  const ofColumn = tickers.map((ticker) => groups.get(comparable(ticker)));
  const names = [...new Set(ofColumn.filter((name) => name !== undefined))].sort();
  if (names.length === 0)
    throw new InvalidInput(`${path}: no ticker of the factor has a group in it.`);
  return {
    names,
    of: Int32Array.from(ofColumn, (name) => (name === undefined ? -1 : names.indexOf(name))),
  };
}
