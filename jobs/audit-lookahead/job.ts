import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidInput } from "../../shared/errors.ts";
import { computeFactors } from "../../shared/factors/compute.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { sessionCloseMs, sessions } from "../../shared/market/calendar.ts";
import type { SecurityId } from "../../shared/market/security.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { noProgress } from "../../shared/progress.ts";
import { textInputsOf } from "../../shared/factors/text-at-sessions.ts";
import { scoreSetsOf, type ScoreSets } from "../../shared/text/read-signals.ts";
import { asKnownAt, hideableTables } from "../../shared/warehouse/hidden.ts";
import type { Membership } from "../../shared/market/universe.ts";
import { checkList, membershipsAsKnown } from "../../shared/warehouse/tables/memberships.ts";
import { readingOrder, type PriceSource } from "../../shared/warehouse/tables/price-sources.ts";
import { tickerSpans } from "../../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";
import { compareValues, type Difference } from "./compare-values.ts";
import type { ListView } from "./through-lists.ts";
import { auditKnownAt, type KnownAtAudit } from "./known-at.ts";

export interface AuditArgs {
  readonly factors: readonly FactorDefinition[];
  /** Days at whose close what came later is hidden; some over the span of the prices by default. */
  readonly days: readonly TradingDay[] | undefined;
  /** Lists of the warehouse: only members count, and values are made neutral to groups. */
  readonly universe?: string | undefined;
  readonly groups?: string | undefined;
  /** How a list is read; another one only where another is to be audited. */
  readonly readList?: typeof membershipsAsKnown;
}

/** What one day's hiding showed. */
export interface AuditedDay {
  readonly day: TradingDay;
  readonly compared: number;
  readonly differences: number;
  /** The first one, by factor, security and day, and what it read before its time. */
  readonly first: (Difference & { readonly input: string }) | null;
}

export interface AuditReport {
  readonly factors: number;
  readonly from: TradingDay;
  readonly days: readonly AuditedDay[];
  readonly compared: number;
  readonly differences: number;
  readonly known_at: KnownAtAudit;
}

/** Days that are audited when nobody names any. */
const defaultDays = 5;

/**
 * Looks for knowledge that came before its time. First: hides every row that became known after a day's close, computes all
 * factors again up to it, and compares them bit by bit with those computed from everything. Second: audits the times themselves,
 * which the first must trust.
 *
 * @throws InvalidInput when there are no prices, or a day lies outside theirs
 */
export async function run(args: AuditArgs, deps: Deps, signal: AbortSignal): Promise<AuditReport> {
  const { warehouse, progress } = deps;
  const sources = await readingOrder(warehouse, deps.settings.get("sources"));
  const [span] = await warehouse.rows<{ from: TradingDay | null; to: TradingDay | null }>(
    "SELECT toNullable(min(day)) AS from, toNullable(max(day)) AS to FROM bars HAVING count() > 0",
  );
  if (span?.from == null || span.to == null) {
    throw new InvalidInput("The warehouse holds no prices: there is nothing to audit.");
  }
  const { from, to } = span as { from: TradingDay; to: TradingDay };
  const all = sessions(from, to);
  const days = args.days ?? spread(all);
  for (const day of days) {
    if (day < from || day > to) {
      throw new InvalidInput(`--at ${day}: expected a day of the prices, ${from} to ${to}.`);
    }
  }
  for (const list of [args.universe, args.groups]) {
    if (list !== undefined) await checkList(warehouse, list);
  }
  const task = progress.start("audit days", days.length + 1);
  const folder = await mkdtemp(join(tmpdir(), "quarry-audit-"));
  try {
    // Chosen of all there is: what is hidden must not change what is asked for.
    const scoreSets = await scoreSetsOf(warehouse, textInputsOf(args.factors), deps.settings);
    const audit = { factors: args.factors, sources, folder, from, scoreSets };
    const view = (there: Warehouse, last: TradingDay): Promise<ListView | undefined> =>
      viewOf(there, args, sessions(from, last));
    const wholeView = await view(warehouse, to);
    const whole = await computed(warehouse, audit, { to, name: "whole" }, signal);
    task.advance();
    const audited: AuditedDay[] = [];
    for (const day of [...days].sort()) {
      signal.throwIfAborted();
      const atMs = sessionCloseMs(day);
      const [hidden, hiddenView] = await asKnownAt(warehouse, atMs, async (there) => [
        await computed(there, audit, { to: day, name: `at-${day}` }, signal),
        await view(there, day),
      ]);
      const plain = await compareValues(whole, hidden, day);
      /** Which list told too much: with the other one as it was, is there still a difference? */
      const guiltyLists = async (): Promise<string[]> => {
        const { universe, groups } = args;
        if (universe === undefined || groups === undefined) return [universe ?? groups!];
        const mixed = { whole: { ...wholeView!, groups: hiddenView!.groups }, hidden: hiddenView! };
        const { differences: left } = await compareValues(whole, hidden, day, mixed);
        return [left > 0 ? universe : groups];
      };
      // What already differs by itself need not be looked at through lists.
      const viewed =
        wholeView && hiddenView && plain.differences === 0
          ? await compareValues(whole, hidden, day, { whole: wholeView, hidden: hiddenView })
          : undefined;
      const { first } = viewed?.first ? viewed : plain;
      const compared = plain.compared + (viewed?.compared ?? 0);
      const differences = plain.differences + (viewed?.differences ?? 0);
      const input = viewed?.first
        ? await offendingChange(warehouse, day, await guiltyLists())
        : first && (await offender(warehouse, audit, first, day, signal));
      audited.push({ day, compared, differences, first: first && { ...first, input: input! } });
      await rm(hidden, { recursive: true });
      task.advance();
    }
    task.end();
    const sum = (pick: (one: AuditedDay) => number): number =>
      audited.reduce((total, one) => total + pick(one), 0);
    return {
      factors: args.factors.length,
      from,
      days: audited,
      compared: sum(({ compared }) => compared),
      differences: sum(({ differences }) => differences),
      known_at: await auditKnownAt(warehouse),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Audit {
  readonly factors: readonly FactorDefinition[];
  readonly sources: readonly PriceSource[];
  readonly folder: string;
  readonly from: TradingDay;
  readonly scoreSets: ScoreSets;
}

/** What the lists say on each session. */
async function viewOf(
  warehouse: Warehouse,
  { universe, groups, readList = membershipsAsKnown }: AuditArgs,
  days: readonly TradingDay[],
): Promise<ListView | undefined> {
  if (universe === undefined && groups === undefined) return undefined;
  const read = async (list: string | undefined): Promise<Membership[] | undefined> =>
    list === undefined ? undefined : readList(warehouse, list);
  return {
    days,
    universe: await read(universe),
    groups: await read(groups),
    spans: await tickerSpans(warehouse),
  };
}

/** Days at equal distances, the last one some sessions before the end, so that there is something to hide. */
function spread(all: readonly TradingDay[]): TradingDay[] {
  const picked = Array.from({ length: defaultDays }, (_, at) =>
    Math.floor(((at + 1) * (all.length - 1)) / (defaultDays + 1)),
  );
  return [...new Set(picked.map((at) => all[at]!))];
}

/** Computes into a folder of its own. */
async function computed(
  warehouse: Warehouse,
  { factors, sources, folder, from, scoreSets }: Audit,
  { to, name, only }: { to: TradingDay; name: string; only?: ReadonlySet<SecurityId> },
  signal: AbortSignal,
): Promise<string> {
  const path = await mkdtemp(join(folder, `${name}-`));
  const held = new Set(
    (await warehouse.rows<{ source: string }>("SELECT DISTINCT source FROM bars")).map(
      ({ source }) => source,
    ),
  );
  await computeFactors(
    warehouse,
    {
      factors,
      from,
      to,
      sources: sources.filter(({ source }) => held.has(source)),
      only,
      folder: path,
      scoreSets,
    },
    (total) => noProgress.start("", total),
    signal,
  );
  return path;
}

/** What a value read before its time: the table whose rows change it when they alone are hidden, and its first such row. */
async function offender(
  warehouse: Warehouse,
  audit: Audit,
  { factor, securityId }: Difference,
  day: TradingDay,
  signal: AbortSignal,
): Promise<string> {
  const atMs = sessionCloseMs(day);
  const own = { ...audit, factors: audit.factors.filter(({ name }) => name === factor) };
  const only = new Set([securityId]);
  const whole = await computed(warehouse, own, { to: day, name: "one", only }, signal);
  for (const table of await hideableTables(warehouse)) {
    const without = await asKnownAt(
      warehouse,
      atMs,
      (there) => computed(there, own, { to: day, name: table, only }, signal),
      new Set([table]),
    );
    const { differences } = await compareValues(whole, without, day);
    if (differences > 0) return describeRow(warehouse, table, securityId, atMs);
  }
  return `sessions after ${day}: ${factor} reads beyond the day of its value`;
}

/** The first change of the lists that took effect by a day and was known only after it. */
async function offendingChange(
  warehouse: Warehouse,
  day: TradingDay,
  lists: readonly string[],
): Promise<string> {
  const rows = await warehouse.rows<{ row: string }>(
    `SELECT formatRow('JSONEachRow', *) AS row FROM memberships
     WHERE list IN {lists:Array(String)} AND day <= {day:Date} AND known_at > toDateTime({at:UInt32}, 'UTC')
     ORDER BY day, known_at, ticker LIMIT 1`,
    { lists, day, at: Math.floor(sessionCloseMs(day) / 1000) },
  );
  return `memberships: ${rows[0]?.row.trim() ?? "a row that took effect later"}`;
}

/** The first row of a table that became known later, of a security or its issuer where it is of one. */
async function describeRow(
  warehouse: Warehouse,
  table: string,
  securityId: SecurityId,
  atMs: number,
): Promise<string> {
  const columns = await warehouse.rows<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
    { table },
  );
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  const own = has("security_id")
    ? "security_id = {securityId:String}"
    : has("issuer_id")
      ? "issuer_id IN (SELECT issuer_id FROM securities WHERE security_id = {securityId:String})"
      : "true";
  const time = has("known_at") ? "known_at" : undefined;
  const rows = await warehouse.rows<{ row: string }>(
    `SELECT formatRow('JSONEachRow', *) AS row FROM ${table}
     WHERE ${own} ${time ? `AND ${time} > toDateTime({at:UInt32}, 'UTC') ORDER BY ${time}` : ""} LIMIT 1`,
    { securityId, at: Math.floor(atMs / 1000) },
  );
  return `${table}: ${rows[0]?.row.trim() ?? "rows of another security"}`;
}
