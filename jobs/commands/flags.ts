import { readFile } from "node:fs/promises";
import { InvalidArgumentError } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { isTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { readUniverse, type Membership } from "../../shared/market/universe.ts";

/** A flag's text as a day. */
export function day(text: string): TradingDay {
  if (!isTradingDay(text)) throw new InvalidArgumentError(`Expected a day as YYYY-MM-DD.`);
  return text;
}

/** A flag's text as a list without empty entries. */
export function list(text: string): string[] {
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) throw new InvalidArgumentError("Expected names separated by commas.");
  return entries;
}

/** A parser of numbers in a range. */
export function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A parser of whole numbers in a range. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = number(min, max)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError("Expected a whole number.");
    return value;
  };
}

/** Horizons as `1,5,21`: whole numbers, each once, ascending. */
export function horizons(text: string): number[] {
  const values = list(text).map(whole(1, 1000));
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * The listings that `--tickers` or `--universe` name.
 *
 * @throws InvalidInput when neither or both are given
 */
export async function listingsOf(
  tickers: readonly string[] | undefined,
  universe: string | undefined,
): Promise<Membership[]> {
  if ((tickers === undefined) === (universe === undefined)) {
    throw new InvalidInput("Expected either --tickers AAPL,MSFT or --universe FILE.");
  }
  if (universe !== undefined) return readUniverseFile(universe);
  return [...new Set(tickers)].map((ticker) => ({
    ticker,
    start: undefined,
    end: undefined,
    name: undefined,
    group: undefined,
    issuer: undefined,
    delistingReturn: NaN,
  }));
}

/** Reads a universe file. */
export async function readUniverseFile(path: string): Promise<Membership[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new InvalidInput(`${path}: no such file, or it can't be read.`);
  }
  return readUniverse(text, path);
}

/** @throws InvalidInput when a range of days is no range, or reaches into the future */
export function checkRange(from: TradingDay, to: TradingDay, today: TradingDay): void {
  if (from > to) throw new InvalidInput(`--from ${from} is after --to ${to}.`);
  if (to > today) throw new InvalidInput(`--to ${to} is in the future; today is ${today}.`);
}
