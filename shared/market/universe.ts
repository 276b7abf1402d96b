import { parse } from "csv-parse/sync";
import { InvalidInput, messageOf } from "../errors.ts";
import { parseTradingDay, type TradingDay } from "./trading-day.ts";

/** A stretch of days on which a ticker is in a universe. */
export interface Membership {
  readonly ticker: string;
  /** First day; undefined when it always was. */
  readonly start: TradingDay | undefined;
  /** Last day; undefined while it lasts. */
  readonly end: TradingDay | undefined;
  readonly name: string | undefined;
  readonly group: string | undefined;
  /** CIK or another name of the issuer. */
  readonly issuer: string | undefined;
  /** Return from the last price to what holders received, a fraction; NaN when unknown. */
  readonly delistingReturn: number;
  /** Day at whose end it was known that the ticker is in the universe from its start on; undefined when nobody says. */
  readonly knownAt?: TradingDay | undefined;
}

const aliases = {
  ticker: ["ticker", "symbol", "asset"],
  start: ["start", "startdate", "from", "dateadded"],
  end: ["end", "enddate", "to", "thru", "dateremoved"],
  name: ["name", "company", "security"],
  group: ["group", "sector", "gicssector"],
  issuer: ["issuer", "cik", "issuerid"],
  delistingReturn: ["delistingreturn"],
  knownAt: ["knownat", "announced"],
} as const;

/**
 * Reads a universe: a CSV with a column `ticker` and, as far as they are known, `start`, `end` (`YYYY-MM-DD`, both
 * included), `name`, `group`, `issuer`, `delisting_return`, `known_at` (or `announced`). A ticker may stand there more than once, for different days.
 *
 * @param text the file's text; a byte order mark is ignored
 * @param file its name, for messages
 * @throws InvalidInput naming the line and what was expected
 */
export function readUniverse(text: string, file: string): Membership[] {
  const [top = { cells: [], line: 1 }, ...rows] = readRows(text, file);
  const header = top.cells.map((name) => name.toLowerCase().replaceAll(/[\s_]/g, ""));
  const place = (names: readonly string[]): number =>
    header.findIndex((name) => names.includes(name));
  const ticker = place(aliases.ticker);
  if (ticker < 0) {
    throw new InvalidInput(
      `${file}:1: expected a header with a column ticker (and start, end), got "${top.cells.join(",")}".`,
    );
  }
  const memberships = rows.map(({ cells: row, line }): Membership => {
    const cell = (names: readonly string[]): string | undefined => row[place(names)] || undefined;
    const day = (names: readonly string[]): TradingDay | undefined => {
      const found = cell(names);
      return found === undefined
        ? undefined
        : parseTradingDay(found.slice(0, 10), `${file}:${line}`);
    };
    const symbol = row[ticker];
    if (!symbol)
      throw new InvalidInput(`${file}:${line}: expected a ticker, got "${row.join(",")}".`);
    const start = day(aliases.start);
    const end = day(aliases.end);
    if (start !== undefined && end !== undefined && start > end) {
      throw new InvalidInput(
        `${file}:${line}: ${symbol} starts on ${start}, after its end ${end}.`,
      );
    }
    const paid = cell(aliases.delistingReturn);
    const delistingReturn = paid === undefined ? NaN : Number(paid);
    if (paid !== undefined && !(delistingReturn >= -1)) {
      throw new InvalidInput(
        `${file}:${line}: expected a delisting return of -1 or more, got "${paid}".`,
      );
    }
    return {
      ticker: symbol,
      start,
      end,
      name: cell(aliases.name),
      group: cell(aliases.group),
      issuer: cell(aliases.issuer),
      delistingReturn,
      ...(cell(aliases.knownAt) !== undefined && { knownAt: day(aliases.knownAt) }),
    };
  });
  if (memberships.length === 0)
    throw new InvalidInput(`${file}: expected at least one ticker below the header.`);
  return withoutRepeats(memberships);
}

/** The rows that hold something, each with the line that it ends on. */
function readRows(text: string, file: string): { cells: string[]; line: number }[] {
  const lines: number[] = [];
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (row: string[], { lines: line }) => {
        lines.push(line);
        return row;
      },
    });
    return rows.map((cells, at) => ({ cells, line: lines[at]! }));
  } catch (thrown) {
    throw new InvalidInput(`${file}: expected CSV: ${messageOf(thrown)}.`);
  }
}

function withoutRepeats(memberships: readonly Membership[]): Membership[] {
  const seen = new Map(
    memberships.map((one) => [`${one.ticker} ${one.start ?? ""} ${one.end ?? ""}`, one]),
  );
  return [...seen.values()];
}

/** A ticker as universes compare it: share classes are written `BRK.B` here and `BRK-B` there. */
export function comparable(ticker: string): string {
  return ticker.toUpperCase().replaceAll("-", ".");
}

/** True when a stretch of days holds a day. */
export function isWithin({ start, end }: Membership, day: TradingDay): boolean {
  return (start === undefined || start <= day) && (end === undefined || day <= end);
}

/** True when a ticker is in the universe on a day. */
export function isMember(spans: readonly Membership[] | undefined, day: TradingDay): boolean {
  return spans?.some((span) => isWithin(span, day)) ?? false;
}

/** True of what names a list of the warehouse: a name without a dot and a slash. Everything else is a file. */
export function isListName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}
