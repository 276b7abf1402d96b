import { readFile } from "node:fs/promises";
import { InvalidInput } from "../../shared/errors.ts";
import { changesOf } from "../../shared/market/membership-changes.ts";
import { newYorkInstant } from "../../shared/market/new-york.ts";
import { addDays, type TradingDay } from "../../shared/market/trading-day.ts";
import { readUniverse } from "../../shared/market/universe.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { addMembershipChanges } from "../../shared/warehouse/tables/memberships.ts";
import type { Deps } from "../deps.ts";

export interface ImportMembershipsArgs {
  readonly file: string;
  /** Name of the list. */
  readonly list: string;
  /** Day at whose end the whole file was known; undefined when its lines say it, or nobody does. */
  readonly knownAt: TradingDay | undefined;
}

export interface MembershipsReport {
  readonly list: string;
  readonly tickers: number;
  readonly changes: number;
  /** Changes that the list did not have. */
  readonly added: number;
  /** Lines that say not since when: they count from now on. */
  readonly undated: number;
}

/**
 * Brings a list of securities into the warehouse: a universe, or groups such as sectors.
 *
 * @throws InvalidInput for a file that is none
 */
export async function run(
  { file, list, knownAt }: ImportMembershipsArgs,
  { warehouse, now, runId }: Deps,
): Promise<MembershipsReport> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new InvalidInput(`${file}: no such file, or it can't be read.`);
  }
  const lines = readUniverse(text, file).map((line) => ({
    ...line,
    knownAt: line.knownAt ?? knownAt,
  }));
  const grouped = lines.filter(({ group }) => group !== undefined).length;
  if (grouped > 0 && grouped < lines.length) {
    throw new InvalidInput(
      `${file}: expected a group in each line or in none, got ${grouped} of ${lines.length}.`,
    );
  }
  const future = lines.find((line) => line.knownAt && endOf(line.knownAt) > now() + 86_400_000);
  if (future) {
    throw new InvalidInput(
      `${file}: ${future.ticker} is said to be known on ${future.knownAt!}, in the future.`,
    );
  }
  const changes = changesOf(lines, { list, nowMs: now() });
  return {
    list,
    tickers: new Set(changes.map(({ ticker }) => ticker)).size,
    changes: changes.length,
    added: await addMembershipChanges(warehouse, list, changes, {
      capture: contentHash(text),
      runId,
      nowMs: now(),
    }),
    undated: lines.filter((line) => line.start === undefined && line.knownAt === undefined).length,
  };
}

const endOf = (day: TradingDay): number => newYorkInstant(addDays(day, 1), 0);
