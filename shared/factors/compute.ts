import { availableParallelism } from "node:os";
import { sessions } from "../market/calendar.ts";
import type { SecurityId } from "../market/security.ts";
import { dayNumber, type TradingDay } from "../market/trading-day.ts";
import type { ProgressTask } from "../progress.ts";
import { sharedDoubles } from "../thread.ts";
import {
  barRevisions,
  chooseSources,
  readBars,
  type BarRevision,
} from "../warehouse/prices/read-bars.ts";
import { actionsOf, type SecurityAction } from "../warehouse/tables/corporate-actions.ts";
import type { PriceSource } from "../warehouse/tables/price-sources.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { SignalReader, type ScoreSets } from "../text/read-signals.ts";
import { CompanyReader } from "./company-reader.ts";
import { computeHere, computeInThreads, type SecurityToCompute } from "./compute-pool.ts";
import { MarketReturns, type OutputWindow } from "./compute-security.ts";
import type { FactorDefinition } from "./define.ts";
import { axisOf, type Axis } from "./series.ts";
import { textInputsOf } from "./text-at-sessions.ts";
import { vintagesOf } from "./vintages.ts";

/** What is to be computed. */
export interface ComputeRequest {
  readonly factors: readonly FactorDefinition[];
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Sources of prices, the preferred first. */
  readonly sources: readonly PriceSource[];
  /** Securities to give values of; all when undefined. The market return is that of all either way. */
  readonly only?: ReadonlySet<SecurityId> | undefined;
  /** Folder that receives the files of values. */
  readonly folder: string;
  /** Scores of texts that are read, where there are several sets. */
  readonly scoreSets?: ScoreSets | undefined;
}

/** What a computation did. */
export interface Computed {
  readonly securities: number;
  readonly sessions: number;
  readonly values: number;
}

/** Securities read by one statement, and handed to a thread at once. */
const readAtOnce = 512;
const computeAtOnce = 16;
/** With the facts of their companies. */
const companiesAtOnce = 128;

/** Below so many bars threads cost more than they give. */
const fewBars = 2_000_000;

/** The first and last day of ClickHouse's `Date`, the first of the calendar too. */
export const firstDay = "1970-01-01" as TradingDay;
const lastDay = "2149-06-06" as TradingDay;

/**
 * Computes factors from the bars and corporate actions in the warehouse and leaves their values in files, see
 * `ValueFiles`. A value of day d uses what was known at d's close.
 *
 * @param task is advanced by one a security and pass
 */
export async function computeFactors(
  warehouse: Warehouse,
  request: ComputeRequest,
  task: (securities: number) => ProgressTask,
  signal: AbortSignal,
): Promise<Computed> {
  const { factors, from, to, sources, only, folder } = request;
  const { axis, window } = layOut(factors, from, to);
  if (window.from === window.to) return { securities: 0, sessions: 0, values: 0 };
  const chosen = await allSources(warehouse, sources);
  const all = [...chosen.values()].reduce((sum, { length }) => sum + length, 0);
  const wanted = only ?? new Set([...chosen.values()].flat());
  const needsMarket = factors.some(({ inputs }) => inputs.includes("market_return"));
  const progress = task((needsMarket ? all : 0) + wanted.size);
  const past = await readPast(warehouse, sources, chosen, to);

  const market = needsMarket
    ? await marketOf(warehouse, past, axis, to, progress, signal)
    : new Float64Array(axis.days.length).fill(NaN);
  const setup = {
    factors: factors.map(({ name }) => name),
    axis: shared(axis),
    market: sharedCopy(market),
    window,
    folder,
    writer: "values",
  };
  const threads = wanted.size * axis.days.length < fewBars ? 0 : availableParallelism();
  const pool = threads === 0 ? computeHere(factors, setup) : computeInThreads(threads, setup);
  try {
    let batch: SecurityToCompute[] = [];
    const companies = await CompanyReader.open(warehouse, factors);
    const text = await SignalReader.open(warehouse, textInputsOf(factors), request.scoreSets ?? {});
    for await (const security of securitiesOf(warehouse, past, axis, to, wanted, companies, text)) {
      signal.throwIfAborted();
      batch.push(security);
      progress.advance();
      if (batch.length < computeAtOnce) continue;
      await pool.add(batch);
      batch = [];
    }
    await pool.add(batch);
    const values = await pool.finish();
    progress.end();
    return { securities: wanted.size, sessions: window.to - window.from, values };
  } catch (thrown) {
    await pool.abandon();
    throw thrown;
  }
}

/** Which source each security is read from, by all bars there are: a piece of the days must read what the whole reads. */
export function allSources(
  warehouse: Warehouse,
  sources: readonly PriceSource[],
): Promise<Map<string, SecurityId[]>> {
  return chooseSources(
    warehouse,
    sources.map(({ source }) => source),
    lastDay,
  );
}

/** The sessions that are read, and the part of them that is computed. */
export function layOut(
  factors: readonly FactorDefinition[],
  from: TradingDay,
  to: TradingDay,
): { axis: Axis; window: OutputWindow } {
  const all = Uint16Array.from(sessions(firstDay, to), dayNumber);
  const first = all.findIndex((day) => day >= dayNumber(from));
  const begin = first < 0 ? all.length : first;
  // One session more than the look-back: the first return needs the close before it.
  const lookback = Math.max(0, ...factors.map((factor) => factor.lookback)) + 1;
  const epoch = Math.max(0, begin - lookback);
  return {
    axis: axisOf(all.slice(epoch), epoch),
    window: { from: begin - epoch, to: all.length - epoch },
  };
}

/** What is read besides bars, by source. */
export interface Past {
  readonly source: string;
  readonly securities: readonly SecurityId[];
  readonly actions: ReadonlyMap<SecurityId, SecurityAction[]>;
  readonly revisions: ReadonlyMap<SecurityId, BarRevision[]>;
}

export async function readPast(
  warehouse: Warehouse,
  sources: readonly PriceSource[],
  chosen: ReadonlyMap<string, readonly SecurityId[]>,
  to: TradingDay,
): Promise<Past[]> {
  const past: Past[] = [];
  for (const { source, basis } of sources) {
    // Prices that come adjusted have their events in them already.
    const actions = basis === "raw" ? await actionsOf(warehouse, source) : [];
    past.push({
      source,
      securities: chosen.get(source) ?? [],
      actions: Map.groupBy(actions, ({ securityId }) => securityId),
      revisions: Map.groupBy(
        await barRevisions(warehouse, source, to),
        ({ securityId }) => securityId,
      ),
    });
  }
  return past;
}

/** Securities with their vintages, source by source, each in the order of ids. */
async function* securitiesOf(
  warehouse: Warehouse,
  past: readonly Past[],
  axis: Axis,
  to: TradingDay,
  wanted: ReadonlySet<SecurityId> | undefined,
  companies?: CompanyReader,
  text?: SignalReader,
): AsyncGenerator<SecurityToCompute> {
  for (const { source, securities, actions, revisions } of past) {
    const asked = wanted ? securities.filter((id) => wanted.has(id)) : securities;
    const atOnce = companies === undefined ? readAtOnce : companiesAtOnce;
    for (let at = 0; at < asked.length; at += atOnce) {
      const selection = { source, securities: asked.slice(at, at + atOnce), to };
      const companyOf = await companies?.read(selection.securities);
      const signalsOf = await text?.read(selection.securities);
      for await (const bars of readBars(warehouse, selection)) {
        const id = bars.securityId;
        const vintages = vintagesOf(bars, actions.get(id) ?? [], revisions.get(id) ?? [], axis);
        yield { id, vintages, company: companyOf?.get(id), signals: signalsOf?.get(id) };
      }
    }
  }
}

async function marketOf(
  warehouse: Warehouse,
  past: readonly Past[],
  axis: Axis,
  to: TradingDay,
  progress: ProgressTask,
  signal: AbortSignal,
): Promise<Float64Array> {
  const market = new MarketReturns(axis);
  for await (const { vintages } of securitiesOf(warehouse, past, axis, to, undefined)) {
    signal.throwIfAborted();
    market.add(vintages);
    progress.advance();
  }
  return market.means();
}

/** An axis whose arrays all threads see without a copy. */
function shared(axis: Axis): Axis {
  const days = new Uint16Array(new SharedArrayBuffer(axis.days.byteLength));
  days.set(axis.days);
  const positionOf = new Int32Array(new SharedArrayBuffer(axis.positionOf.byteLength));
  positionOf.set(axis.positionOf);
  return { ...axis, days, positionOf };
}

function sharedCopy(values: Float64Array): Float64Array {
  const copy = sharedDoubles(values.length);
  copy.set(values);
  return copy;
}
