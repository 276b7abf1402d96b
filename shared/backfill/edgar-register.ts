import { gunzipSync, gzipSync } from "node:zlib";
import { edgarLaneOf, openEdgarLane, type EdgarLane } from "./edgar-lane.ts";
import type { BuyDeps } from "./dataset.ts";
import type { FailedUnit } from "./failed-unit.ts";
import { SourceUnavailable } from "../errors.ts";
import { newYorkDay } from "../market/new-york.ts";
import { addDays, dayNumber, type TradingDay } from "../market/trading-day.ts";
import { comparable } from "../market/universe.ts";
import { readCompanyTickers } from "../sources/edgar/company-tickers.ts";
import { dailyIndexPath, readDailyIndex } from "../sources/edgar/daily-index.ts";
import { readOverflowPage, readSubmissions, type Filing } from "../sources/edgar/submissions.ts";
import { issuerIdOf } from "../sources/edgar/issuer-id.ts";

/** A company that is asked for: by a ticker or a CIK, with the CIK where a universe says it. */
export interface AskedCompany {
  readonly name: string;
  readonly issuer: string | undefined;
}

/** Companies by CIK, and names that EDGAR does not know. */
export interface Resolved {
  readonly issuerIds: readonly string[];
  readonly unknown: readonly FailedUnit[];
}

/** EDGAR, opened when something of it is needed that is not held. */
export class Register {
  readonly #deps: BuyDeps;
  readonly #signal: AbortSignal;
  #lane: Promise<EdgarLane> | undefined;

  constructor(deps: BuyDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
  }

  /** The companies of some names. EDGAR's list of tickers is asked for once a day, and only when a CIK is not given. */
  async resolve(asked: readonly AskedCompany[]): Promise<Resolved> {
    const issuerIds = new Set<string>();
    const unknown: FailedUnit[] = [];
    const byTicker: AskedCompany[] = [];
    for (const company of asked) {
      const issuerId = issuerIdOf(company.issuer ?? company.name);
      if (issuerId === undefined) byTicker.push(company);
      else issuerIds.add(issuerId);
    }
    if (byTicker.length > 0) {
      const today = newYorkDay(this.#deps.now());
      const bytes = await this.#held("/files/company_tickers.json", `company-tickers/${today}`);
      if (bytes === undefined) {
        throw new SourceUnavailable("EDGAR has no list of tickers now; try again later.");
      }
      const known = new Map(
        readCompanyTickers(bytes).map(({ ticker, issuerId }) => [comparable(ticker), issuerId]),
      );
      for (const { name } of byTicker) {
        const issuerId = known.get(comparable(name));
        if (issuerId !== undefined) issuerIds.add(issuerId);
        else {
          unknown.push({
            key: name,
            reason: "unknown_ticker",
            message: `EDGAR knows no company of ticker ${name} today; give its CIK.`,
          });
        }
      }
    }
    return { issuerIds: [...issuerIds], unknown };
  }

  /** Companies that filed something with facts from a day on, by the daily indexes, and the last day on which each did. */
  async filers(since: TradingDay, to: TradingDay): Promise<Map<string, TradingDay>> {
    const days: TradingDay[] = [];
    for (let day = since; day <= to; day = addDays(day, 1)) {
      const weekday = (dayNumber(day) + 4) % 7;
      if (weekday !== 0 && weekday !== 6) days.push(day);
    }
    const last = new Map<string, TradingDay>();
    for (let at = 0; at < days.length; at += indexesAtOnce) {
      const some = days.slice(at, at + indexesAtOnce);
      const bodies = await Promise.all(
        some.map((day) => this.#held(dailyIndexPath(day), `daily-index/${day}`)),
      );
      for (const [place, bytes] of bodies.entries()) {
        // A holiday has none.
        if (bytes === undefined) continue;
        for (const { issuerId, form } of readDailyIndex(bytes)) {
          if (bearsFacts.test(form)) last.set(issuerId, some[place]!);
        }
      }
    }
    return last;
  }

  /** A company's filings from a day to another, by its submissions and their pages, which are asked for once a day. */
  async filings(issuerId: string, from: TradingDay, to: TradingDay): Promise<Filing[]> {
    const today = newYorkDay(this.#deps.now());
    const name = (page: string): string => `submissions/${today}/${page}`;
    const page = `CIK${issuerId}.json`;
    const bytes = await this.#held(`/submissions/${page}`, name(page));
    if (bytes === undefined) return [];
    const submissions = readSubmissions(bytes, issuerId);
    const filings = [...submissions.filings];
    for (const older of submissions.pages) {
      if ((older.from ?? from) > to || (older.to ?? to) < from) continue;
      const more = await this.#held(`/submissions/${older.name}`, name(older.name));
      if (more !== undefined) filings.push(...readOverflowPage(more));
    }
    return filings.filter(({ filed }) => filed >= from && filed <= to);
  }

  async close(): Promise<void> {
    await (await this.#lane)?.release();
  }

  /** A file that does not change any more, from the store or from EDGAR; undefined where there is none. */
  async #held(path: string, name: string): Promise<Buffer | undefined> {
    const { objects, settings } = this.#deps;
    const { name: lane } = edgarLaneOf(settings);
    const key = `captures/register/${lane}/${name}.gz`;
    const held = await objects.get(key);
    if (held !== undefined) return gunzipSync(held);
    const reply = await (await this.#open()).get(path, this.#signal);
    if (!reply.found) return undefined;
    await objects.putIfAbsent(key, gzipSync(reply.bytes));
    return reply.bytes;
  }

  #open(): Promise<EdgarLane> {
    return (this.#lane ??= openEdgarLane(this.#deps, `register/${process.pid}`));
  }
}

/** Daily indexes that are asked for at once; the lane says how fast. */
const indexesAtOnce = 16;

/** Forms whose filings bring facts. */
const bearsFacts =
  /^(10-[KQ]T?|20-F|40-F|6-K|8-K|S-[14]|S-11|F-[14]|424B\d|DEF 14A|N-CSRS?|10-12[BG]|POS AM)(\/A)?$/;
