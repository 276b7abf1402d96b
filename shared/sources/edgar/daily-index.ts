import { MalformedRecord } from "../../errors.ts";
import { isTradingDay, type TradingDay } from "../../market/trading-day.ts";
import { issuerIdOf } from "./issuer-id.ts";

/** A line of an index. */
export interface IndexedFiling {
  readonly issuerId: string;
  readonly form: string;
  readonly filed: TradingDay;
  /** Path of the whole submission, `edgar/data/1700461/0001104659-22-105357.txt`. */
  readonly path: string;
}

/** The path of a day's index, which is there on the evening of business days. */
export function dailyIndexPath(day: TradingDay): string {
  const quarter = Math.ceil(Number(day.slice(5, 7)) / 3);
  return `/Archives/edgar/daily-index/${day.slice(0, 4)}/QTR${quarter}/company.${day.replaceAll("-", "")}.idx`;
}

/**
 * Reads a daily index by company: columns of fixed width, in which forms and names hold spaces, so that a line is read from
 * its end.
 *
 * @throws MalformedRecord when it has no head of such an index
 */
export function readDailyIndex(bytes: Buffer): IndexedFiling[] {
  const text = bytes.toString("latin1");
  const rule = /^-{20,}\s*$/m.exec(text);
  const head = /Company Name(\s+)Form Type\s+CIK/.exec(text);
  if (rule === null || head === null) {
    throw new MalformedRecord(
      'Expected a daily index with "Company Name", "Form Type" and a rule.',
    );
  }
  const formAt = "Company Name".length + head[1]!.length;
  const filings: IndexedFiling[] = [];
  for (const line of text.slice(rule.index + rule[0].length).split(/\r?\n/)) {
    const match = /^(.*?)\s{2,}(\d{1,10})\s+(\d{4})-?(\d{2})-?(\d{2})\s+(\S+)\s*$/.exec(line);
    if (match === null) continue;
    const [, before, cik, year, month, date, path] = match;
    const issuerId = issuerIdOf(cik!);
    const filed = `${year!}-${month!}-${date!}`;
    const form = before!.slice(formAt).trim();
    if (issuerId === undefined || !isTradingDay(filed) || form === "") continue;
    filings.push({ issuerId, form, filed, path: path! });
  }
  return filings;
}
