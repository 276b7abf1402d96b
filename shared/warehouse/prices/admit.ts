import { Failed } from "../../errors.ts";
import { lastClosedSession } from "../../market/calendar.ts";
import type { SecurityId } from "../../market/security.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import { formatCount, plural } from "../../units.ts";
import { createStaging, dropStaging, publish } from "../publish.ts";
import { putSource, type PriceSource } from "../tables/price-sources.ts";
import type { Warehouse } from "../warehouse.ts";
import { identify, writeIdentities, type IncomingSighting } from "./identify.ts";
import { countRejects, createRejects, dropRejects, goodRows, rejectedRows } from "./rejects.ts";
import { compareWithBars, freshToken } from "./revisions.ts";
import { countEmptied, createIds, dropIds, rejectMisSplits, stageBars } from "./stage.ts";

/** How incoming rows become bars. */
export interface AdmitOptions extends PriceSource {
  /** Names the tables of this admission; lower-case letters and digits. */
  readonly token: string;
  readonly runId: string;
  /** Share of rows that may be put aside, 0 to 1; above it nothing goes in. */
  readonly lossBudget: number;
  /** When these rows were seen, ms since 1970 UTC. */
  readonly nowMs: number;
  /** What is known about a ticker beyond its rows. */
  readonly about?: ((ticker: string) => Partial<IncomingSighting>) | undefined;
}

/** What became of the incoming rows. */
export interface Admission {
  readonly rows: number;
  /** New bars. */
  readonly admitted: number;
  /** Bars that were there with the same values. */
  readonly unchanged: number;
  /** Bars that were there with other values: stored beside them, known from now on. */
  readonly revised: number;
  /** Rows that stood there again with the same values. */
  readonly repeated: number;
  /** Rows put aside, by reason. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** Fields of good rows that were emptied, by field. */
  readonly emptied: Readonly<Record<string, number>>;
  readonly securities: { readonly seen: number; readonly added: number };
  readonly firstDay: TradingDay | null;
  readonly lastDay: TradingDay | null;
}

/** An admission, and which security each ticker is. */
export interface Admitted {
  readonly admission: Admission;
  readonly idOf: ReadonlyMap<string, SecurityId>;
}

interface SymbolRows {
  readonly symbol: string;
  readonly first: TradingDay;
  readonly last: TradingDay;
}

/**
 * Judges incoming rows and brings the good ones into the bars, whole or not at all.
 *
 * A row without a day, a session or a positive close goes into quarantine, and so do rows that contradict each other and
 * prices split by mistake; when these are more than the loss budget allows nothing goes in. Rows that are there already
 * are left alone; one with another value becomes a revision.
 *
 * @param incoming table made by `createIncoming`; dropped at the end
 * @throws Failed over the loss budget, naming the first bad rows by file and line
 */
export async function admit(
  warehouse: Warehouse,
  incoming: string,
  options: AdmitOptions,
): Promise<Admitted> {
  try {
    return await judgeAndPublish(warehouse, incoming, options);
  } finally {
    // Of a server nobody else clears away what a refused import left. Where this can't, the next process does.
    await clear(warehouse, incoming, options.token).catch(() => undefined);
  }
}

async function clear(warehouse: Warehouse, incoming: string, token: string): Promise<void> {
  await dropRejects(warehouse, incoming);
  await dropIds(warehouse, incoming);
  await warehouse.command(`DROP TABLE IF EXISTS ${incoming} SYNC`);
  await dropStaging(warehouse, "bars", token);
  await dropStaging(warehouse, "bars", freshToken(token));
}

async function judgeAndPublish(
  warehouse: Warehouse,
  incoming: string,
  options: AdmitOptions,
): Promise<Admitted> {
  const { source, token, nowMs } = options;
  const repeats = await createRejects(warehouse, incoming, lastClosedSession(nowMs));
  const symbols = await warehouse.rows<SymbolRows>(
    `SELECT symbol, min(day) AS first, max(day) AS last
     FROM ${goodRows(incoming, repeats, "symbol, day")} GROUP BY symbol ORDER BY symbol`,
  );
  const identified = await identify(
    warehouse,
    source,
    symbols.map(({ symbol, first, last }) => ({
      ticker: symbol,
      from: first,
      to: last,
      issuerId: "",
      ...options.about?.(symbol),
    })),
  );
  const staging = await createStaging(warehouse, "bars", token);
  await createIds(warehouse, incoming, identified.idOf);
  await stageBars(warehouse, incoming, staging, { ...options, excluding: repeats });
  const misSplits = await rejectMisSplits(warehouse, incoming, staging, identified.idOf);

  const quarantined = await countRejects(warehouse, incoming);
  const rows = await countRows(warehouse, incoming);
  await checkLoss(warehouse, incoming, rows, quarantined, options.lossBudget);
  const staged = await countRows(warehouse, staging);
  const emptied = await countEmptied(warehouse, incoming, repeats || misSplits > 0);
  const comparison = await compareWithBars(warehouse, staging, token, source, nowMs);

  await putSource(warehouse, { source, basis: options.basis });
  await writeIdentities(warehouse, identified, nowMs);
  await writeQuarantine(warehouse, incoming, options);
  await publish(warehouse, "bars", comparison.token);
  const admission: Admission = {
    rows,
    admitted: staged - comparison.unchanged - comparison.revised,
    unchanged: comparison.unchanged,
    revised: comparison.revised,
    repeated: rows - sum(quarantined) - staged,
    quarantined,
    emptied,
    securities: { seen: symbols.length, added: identified.securities.length },
    firstDay: symbols.map(({ first }) => first).sort()[0] ?? null,
    lastDay:
      symbols
        .map(({ last }) => last)
        .sort()
        .at(-1) ?? null,
  };
  return { admission, idOf: identified.idOf };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

async function countRows(warehouse: Warehouse, table: string): Promise<number> {
  const rows = await warehouse.rows<{ count: number }>(`SELECT count() AS count FROM ${table}`);
  return rows[0]!.count;
}

async function checkLoss(
  warehouse: Warehouse,
  incoming: string,
  rows: number,
  quarantined: Readonly<Record<string, number>>,
  budget: number,
): Promise<void> {
  const lost = sum(quarantined);
  if (rows === 0) throw new Failed("No row came: expected at least one price.");
  if (lost <= budget * rows) return;
  const first = await warehouse.rows<{
    origin: string;
    line: number;
    reason: string;
    record: string;
  }>(
    `SELECT origin, line, reason, substring(record, 1, 100) AS record
     FROM ${rejectedRows(incoming)} ORDER BY origin, line LIMIT 5`,
  );
  const examples = first.map(
    ({ origin, line, reason, record }) => `  ${origin}:${line}: ${reason}: "${record}"`,
  );
  throw new Failed(
    [
      `${plural(lost, "row")} of ${formatCount(rows)} can't be bars, more than the loss budget of ${budget * 100} %: nothing went in. ` +
        "Mend the file, or raise --loss-budget. The first ones:",
      ...examples,
    ].join("\n"),
  );
}

async function writeQuarantine(
  warehouse: Warehouse,
  incoming: string,
  { source, runId, nowMs }: AdmitOptions,
): Promise<void> {
  await warehouse.command(
    `INSERT INTO quarantine
     SELECT 'prices', {source:String}, origin, line, reason, record, capture, {runId:String},
       toDateTime({now:UInt32}, 'UTC')
     FROM ${rejectedRows(incoming)}`,
    { source, runId, now: Math.floor(nowMs / 1000) },
  );
}
