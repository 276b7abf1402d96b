import { withLease } from "../../shared/backfill/lease.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { applyFilters } from "../../shared/evaluation/filters.ts";
import { tickersByDay } from "../../shared/evaluation/groups-by-day.ts";
import {
  loadFactor,
  loadPrices,
  storedFactor,
  type StoredFactor,
  type StoredPrices,
} from "../../shared/evaluation/load-tables.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { lastClosedSession, sessionCloseMs, sessions } from "../../shared/market/calendar.ts";
import { endedBy } from "../../shared/market/security.ts";
import { addDays, earlierDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { comparable, isWithin, type Membership } from "../../shared/market/universe.ts";
import { asKnownAt } from "../../shared/warehouse/hidden.ts";
import { issuersOfSecurities } from "../../shared/warehouse/tables/issuers.ts";
import { checkList, membershipsAsKnown } from "../../shared/warehouse/tables/memberships.ts";
import { readingOrder } from "../../shared/warehouse/tables/price-sources.ts";
import { tickerSpans } from "../../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { minuteMs } from "../../shared/units.ts";
import type { Deps } from "../deps.ts";
import type { ExportArgs } from "./job.ts";

/** A factor with its values of the days that are exported. */
export interface ExportedFactor {
  readonly stored: StoredFactor;
  readonly values: DayTable;
}

/** All that an export is made of, as it was known at the close of its day. */
export interface ExportInputs {
  /** The last is the day of the export. */
  readonly days: readonly TradingDay[];
  readonly assets: readonly string[];
  readonly factors: readonly ExportedFactor[];
  readonly prices: StoredPrices;
  /** Keys of a column on a day; null where they are not known. */
  readonly keysOf: (column: number, day: TradingDay) => SecurityKeys;
}

export interface SecurityKeys {
  readonly ticker: string | null;
  readonly cik: string | null;
  readonly figi: string | null;
}

/** The list whose groups are FIGIs, where nobody names another. */
const figiList = "figi";

/**
 * Reads values, prices and names as they were known at the close of the day: what became known later is hidden.
 *
 * @throws InvalidInput for factors without values, and a day before any
 */
export async function readInputs(args: ExportArgs, deps: Deps, signal: AbortSignal) {
  const { warehouse, objects, runId } = deps;
  // A session that is under way has no close yet.
  const asOf = earlierDay(args.asOf, lastClosedSession(deps.now()));
  const days = sessionsUntil(asOf, args.sessions);
  const day = days.at(-1)!;
  const stored = await storedUntil(warehouse, args.factors, day);
  const atMs = sessionCloseMs(day);
  const read = (then: Warehouse) => readThen(then, args, days, stored, deps);
  // The view of the moment has one name: one at a time.
  const prepared = await withLease(
    objects,
    "leases/export",
    runId,
    { ttlMs: minuteMs, patienceMs: minuteMs },
    () => asKnownAt(warehouse, atMs, read, undefined, "quarry_export"),
    signal,
  );
  const { assets, tickersOf, members } = prepared;
  const factors: ExportedFactor[] = [];
  for (const found of stored) {
    signal.throwIfAborted();
    const values = await loadFactor(warehouse, found, days, assets);
    applyFilters(values, { universe: members }, tickersOf);
    factors.push({ stored: found, values });
  }
  return { days, assets, factors, prices: prepared.prices, keysOf: prepared.keysOf };
}

function sessionsUntil(asOf: TradingDay, count: number): TradingDay[] {
  // Years of more than enough sessions.
  const from = addDays(asOf, -Math.ceil(count * 1.5) - 15);
  const all = sessions(from, asOf);
  return all.slice(-count - 1);
}

async function storedUntil(
  warehouse: Warehouse,
  names: readonly string[] | undefined,
  day: TradingDay,
): Promise<StoredFactor[]> {
  const held = await warehouse.rows<{ factor: string }>(
    "SELECT DISTINCT factor FROM factor_values WHERE day = {day:Date} ORDER BY factor",
    { day },
  );
  const there = held.map(({ factor }) => factor);
  const odd = names?.find((name) => !there.includes(name));
  if (odd !== undefined || there.length === 0) {
    throw new InvalidInput(
      `The warehouse holds no values ${odd === undefined ? "" : `of ${odd} `}on ${day}${there.length === 0 ? "" : ` (of ${there.join(", ")} it does)`}: run "quarry compute" to that day first.`,
    );
  }
  return Promise.all((names ?? there).map(async (name) => (await storedFactor(warehouse, name))!));
}

/** What is read of the warehouse as it was. */
async function readThen(
  then: Warehouse,
  { universe, figi }: ExportArgs,
  days: readonly TradingDay[],
  stored: readonly StoredFactor[],
  { settings }: Deps,
) {
  const day = days.at(-1)!;
  const assets = [...new Set(stored.flatMap(({ securities }) => securities))].sort();
  const order = await readingOrder(then, settings.get("sources"));
  const spans = await tickerSpans(then);
  const prices = await loadPrices(
    then,
    order,
    days,
    assets,
    { closes: false, dollarVolumes: false },
    endedBy(spans, day),
  );
  const tickersOf = tickersByDay(spans, assets);
  const members =
    universe === undefined ? undefined : (universe.members ?? (await listOf(then, universe.file)));
  const issuers = new Map(
    (await issuersOfSecurities(then)).map(({ securityId, issuerId }) => [
      securityId as string,
      issuerId,
    ]),
  );
  const figis = await figisOf(then, figi);
  const keysOf = (column: number, on: TradingDay): SecurityKeys => {
    const asset = assets[column]!;
    const ticker = tickersOf(column, on);
    const cik = issuers.get(asset);
    return {
      // Its own id stands for a security that no ticker names.
      ticker: ticker === asset ? null : ticker,
      cik: cik !== undefined && /^\d{10}$/.test(cik) ? cik : null,
      figi: figis.get(comparable(ticker))?.find((span) => isWithin(span, on))?.group ?? null,
    };
  };
  return { assets, prices, tickersOf, members, keysOf };
}

async function listOf(then: Warehouse, name: string): Promise<Membership[]> {
  await checkList(then, name);
  return membershipsAsKnown(then, name);
}

async function figisOf(
  then: Warehouse,
  name: string | undefined,
): Promise<Map<string, Membership[]>> {
  if (name !== undefined) await checkList(then, name);
  const spans = await membershipsAsKnown(then, name ?? figiList);
  return Map.groupBy(spans, ({ ticker }) => comparable(ticker));
}
