import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { MalformedRecord } from "../errors.ts";
import type { CorporateAction } from "../market/adjustment.ts";
import { lastClosedSession, sessionCloseMs, sessionOpenMs } from "../market/calendar.ts";
import type { SecurityId } from "../market/security.ts";
import { addDays, fromDayNumber, laterDay, type TradingDay } from "../market/trading-day.ts";
import type { Membership } from "../market/universe.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { coded, numbers } from "../warehouse/native/column.ts";
import { readNative } from "../warehouse/native/reader.ts";
import { admit, type Admission } from "../warehouse/prices/admit.ts";
import { createIncoming, readColumnFile } from "../warehouse/prices/incoming.ts";
import {
  actionsOf,
  addActions,
  type SecurityAction,
} from "../warehouse/tables/corporate-actions.ts";
import { addLoads, loadedCaptures } from "../warehouse/tables/loads.ts";
import { checkBasis, type PriceSource } from "../warehouse/tables/price-sources.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { getColumnFile } from "./column-files.ts";
import type { Receipt } from "./receipt.ts";

/** What the loader works with. */
export interface LoadOptions {
  readonly source: PriceSource;
  readonly token: string;
  readonly runId: string;
  readonly lossBudget: number;
  readonly nowMs: number;
  /** What the universe says of a ticker. */
  readonly listingOf: (ticker: string) => Membership | undefined;
}

/** What a load brought in; undefined admission when all was there. */
export interface Loaded {
  readonly admission: Admission | undefined;
  readonly actions: number;
}

/** Receipts whose files are loaded at once: some five million bars, which bounds the memory of a load. */
const receiptsAtOnce = 1000;

/**
 * Brings the column files of receipts into the tables: bars, then corporate actions. What is loaded already is left out,
 * so that a load can be run any number of times. Many receipts are several loads, each of which is whole or not there.
 *
 * @param receipts of one source, done; those of a key oldest first
 */
export async function loadPrices(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  options: LoadOptions,
): Promise<Loaded> {
  const { source } = options.source;
  await checkBasis(warehouse, options.source);
  const loaded = await loadedCaptures(warehouse, "prices", source);
  const isLoaded = ({ files }: Receipt): boolean => files.every(({ hash }) => loaded.has(hash));
  const pending = latest(receipts).filter((receipt) => !isLoaded(receipt));
  const earlier = receipts.filter(isLoaded);
  let all: Loaded = { admission: undefined, actions: 0 };
  for (let at = 0; at < pending.length; at += receiptsAtOnce) {
    const some = pending.slice(at, at + receiptsAtOnce);
    const part = await loadSome(warehouse, objects, some, earlier, {
      ...options,
      token: at === 0 ? options.token : `${options.token}x${at}`,
    });
    all = {
      admission: all.admission ? together(all.admission, part.admission) : part.admission,
      actions: all.actions + part.actions,
    };
  }
  return all;
}

async function loadSome(
  warehouse: Warehouse,
  objects: ObjectStore,
  pending: readonly Receipt[],
  earlier: readonly Receipt[],
  options: LoadOptions,
): Promise<{ admission: Admission; actions: number }> {
  const { source } = options.source;
  const incoming = await createIncoming(warehouse, options.token);
  await withOneFile(objects, pending, (path) => readColumnFile(warehouse, incoming, path, source));
  const receiptOf = new Map(pending.map((receipt) => [receipt.key, receipt]));
  const { admission, idOf } = await admit(warehouse, incoming, {
    ...options.source,
    token: options.token,
    runId: options.runId,
    lossBudget: options.lossBudget,
    nowMs: options.nowMs,
    about: (ticker) => ({
      firstTrade: firstTrade(receiptOf.get(ticker)),
      ended: endOf(receiptOf.get(ticker), options.listingOf(ticker)),
      issuerId: options.listingOf(ticker)?.issuer ?? "",
    }),
  });
  const actions = await newActions(warehouse, objects, pending, options, idOf, earlier);
  await addActions(warehouse, source, actions, options);
  await addLoads(
    warehouse,
    pending.flatMap(({ key, files }) =>
      files.map(({ hash, rows }) => ({
        dataset: "prices",
        source,
        capture: hash,
        origin: key,
        rows,
      })),
    ),
    options,
  );
  return { admission, actions: actions.length };
}

/** Two admissions as one. */
function together(a: Admission, b: Admission): Admission {
  const sum = (
    x: Readonly<Record<string, number>>,
    y: Readonly<Record<string, number>>,
  ): Record<string, number> => {
    const all: Record<string, number> = { ...x };
    for (const [name, count] of Object.entries(y)) all[name] = (all[name] ?? 0) + count;
    return all;
  };
  const days = [a.firstDay, b.firstDay, a.lastDay, b.lastDay].filter((day) => day !== null).sort();
  return {
    rows: a.rows + b.rows,
    admitted: a.admitted + b.admitted,
    unchanged: a.unchanged + b.unchanged,
    revised: a.revised + b.revised,
    repeated: a.repeated + b.repeated,
    quarantined: sum(a.quarantined, b.quarantined),
    emptied: sum(a.emptied, b.emptied),
    securities: {
      seen: a.securities.seen + b.securities.seen,
      added: a.securities.added + b.securities.added,
    },
    firstDay: days[0] ?? null,
    lastDay: days.at(-1) ?? null,
  };
}

/** Receipts that no later one of their key covers: of a load that was killed and fetched again on another day, the latter. */
function latest(receipts: readonly Receipt[]): Receipt[] {
  const covered = new Map<string, string>();
  return receipts
    .toReversed()
    .filter(({ key, from }) => {
      const later = covered.get(key);
      if (later !== undefined && later <= from) return false;
      covered.set(key, from);
      return true;
    })
    .reverse();
}

/** The first trade as the tables can hold it: their days begin in 1970. */
function firstTrade(receipt: Receipt | undefined): TradingDay | undefined {
  const day = receipt?.about["first_trade"] as TradingDay | null | undefined;
  return day == null ? undefined : laterDay(day, fromDayNumber(0));
}

/**
 * The end that a universe gives a listing, where the vendor knows of nothing after it either: a company that left an
 * index trades on.
 */
function endOf(
  receipt: Receipt | undefined,
  listing: Membership | undefined,
): TradingDay | undefined {
  const end = listing?.end;
  if (end === undefined || receipt?.capture == null) return undefined;
  const lastBar = receipt.about["last_bar"] as TradingDay | null | undefined;
  const over = lastClosedSession(Date.parse(receipt.capture.fetchedAt)) > end;
  return over && (lastBar == null || lastBar <= end) ? end : undefined;
}

/** Native files are blocks after each other, so many make one. */
async function withOneFile(
  objects: ObjectStore,
  receipts: readonly Receipt[],
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "quarry-load-"));
  try {
    const path = join(folder, "bars.native");
    const file = createWriteStream(path);
    for (const receipt of receipts) {
      const bytes = await columnFile(objects, receipt, "bars");
      if (!file.write(bytes)) await once(file, "drain");
    }
    file.end();
    await once(file, "close");
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function columnFile(objects: ObjectStore, receipt: Receipt, table: string): Promise<Buffer> {
  const found = receipt.files.find((file) => file.table === table);
  if (found !== undefined) return getColumnFile(objects, receipt.dataset, found.hash);
  throw new MalformedRecord(`The receipt of ${receipt.key} names no column file of ${table}.`);
}

/**
 * Actions that are not held yet, or not with this value.
 *
 * @param earlier receipts that were loaded to the end before; a load that was killed half-way has shown nobody anything
 */
async function newActions(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  options: LoadOptions,
  idOf: ReadonlyMap<string, SecurityId>,
  earlier: readonly Receipt[],
): Promise<SecurityAction[]> {
  const keyOf = ({ securityId, exDate, kind }: SecurityAction): string =>
    `${securityId} ${exDate} ${kind}`;
  const held = new Map(
    (await actionsOf(warehouse, options.source.source)).map((action) => [
      keyOf(action),
      action.value,
    ]),
  );
  const shownBy = Map.groupBy(earlier, ({ key }) => key);
  const found: SecurityAction[] = [];
  for (const receipt of receipts) {
    const securityId = idOf.get(receipt.key);
    if (securityId === undefined) continue;
    const capture = receipt.capture?.hash ?? "";
    const shown = shownBy.get(receipt.key) ?? [];
    const actions = await readActions(await columnFile(objects, receipt, "corporate_actions"));
    const listing = options.listingOf(receipt.key);
    const ended = delisting(endOf(receipt, listing), listing?.delistingReturn);
    for (const action of ended ? [...actions, ended] : actions) {
      const candidate = { ...action, securityId, capture, knownMs: knownMs(action) };
      const before = held.get(keyOf(candidate));
      if (before !== undefined && same(before, action.value, grain(action, actions))) continue;
      // An action of days we had already seen, and that was not there then, is known since now.
      const late = before !== undefined || shown.some((one) => tells(one, action.exDate));
      found.push(
        late ? { ...candidate, knownMs: Math.max(candidate.knownMs, options.nowMs) } : candidate,
      );
    }
  }
  return found;
}

/** True for a day of which a receipt tells all there was. */
function tells({ from, about }: Receipt, day: TradingDay): boolean {
  const lastBar = about["last_bar"];
  return from <= day && typeof lastBar === "string" && day <= lastBar;
}

function same(a: number, b: number, within: number): boolean {
  return Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= within;
}

/** How well a value is known: vendors print six decimals, of amounts on today's shares. */
function grain({ exDate, value }: CorporateAction, all: readonly CorporateAction[]): number {
  const since = all.filter((one) => one.kind === "split" && one.exDate > exDate);
  const shares = since.reduce((product, split) => product * split.value, 1);
  return 1e-6 * Math.max(1, Math.abs(value), shares);
}

/** A split or distribution is known from the open of its ex-date, an end from the close of the last session. */
function knownMs({ kind, exDate }: CorporateAction): number {
  return kind === "delisting" ? sessionCloseMs(addDays(exDate, -1)) : sessionOpenMs(exDate);
}

function delisting(end: TradingDay | undefined, value = NaN): CorporateAction | undefined {
  return end && { kind: "delisting", exDate: addDays(end, 1), value };
}

async function readActions(bytes: Buffer): Promise<CorporateAction[]> {
  const actions: CorporateAction[] = [];
  for await (const block of readNative([bytes])) {
    const { dictionary, codes } = coded(block, "kind");
    const days = numbers(block, "ex_date");
    const values = numbers(block, "value");
    for (let row = 0; row < block.rows; row++) {
      const kind = dictionary[codes[row]!] as CorporateAction["kind"];
      actions.push({ kind, exDate: fromDayNumber(days[row]!), value: values[row]! });
    }
  }
  return actions;
}
