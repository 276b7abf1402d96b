import type { Lane } from "../../shared/backfill/lane.ts";
import { LaneClosed } from "../../shared/backfill/lane.ts";
import { putColumnFile, type ColumnFile } from "../../shared/backfill/column-files.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { MalformedRecord, SourceUnavailable, messageOf } from "../../shared/errors.ts";
import { newYorkInstant } from "../../shared/market/new-york.ts";
import { dayNumber, earlierDay } from "../../shared/market/trading-day.ts";
import { captureReply, type Capture } from "../../shared/objects/capture.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { readChartBody } from "../../shared/sources/yahoo/chart-body.ts";
import type { Reply, YahooClient } from "../../shared/sources/yahoo/client.ts";
import {
  readHistory,
  type Verdict,
  type YahooHistory,
} from "../../shared/sources/yahoo/history.ts";
import type { PriceUnit } from "./units.ts";

/** What fetching a unit needs. */
export interface FetchDeps {
  readonly yahoo: YahooClient;
  readonly lane: Lane;
  readonly objects: ObjectStore;
  readonly source: string;
}

type Outcome = Pick<Receipt, "state" | "reason" | "message" | "files" | "about"> &
  Partial<Pick<Receipt, "to">>;

/**
 * Buys one unit: asks the vendor, keeps the reply's bytes, reads them, leaves column files.
 *
 * @returns what its receipt tells; of a failure too
 * @throws LaneClosed when the vendor is not asked any more: the unit stays missing
 * @throws SourceRejected when the vendor refuses us
 */
export async function fetchUnit(
  unit: PriceUnit,
  { yahoo, lane, objects, source }: FetchDeps,
  signal: AbortSignal,
): Promise<Brought> {
  let capture: Capture | null = null;
  let outcome: Outcome;
  try {
    const fromMs = newYorkInstant(unit.from, 0);
    const reply = await lane.run(() => yahoo.chart(unit.symbol, fromMs, signal), signal);
    capture = await captureReply(objects, source, reply);
    outcome = await read(objects, unit, reply, capture.hash);
  } catch (thrown) {
    if (thrown instanceof LaneClosed || !(thrown instanceof SourceUnavailable)) throw thrown;
    outcome = failure("unavailable", messageOf(thrown));
  }
  return { from: unit.from, to: unit.to, capture, basis: "", ...outcome };
}

function failure(reason: string, message: string): Outcome {
  return { state: "failed", reason, message, files: [], about: {} };
}

async function read(
  objects: ObjectStore,
  unit: PriceUnit,
  reply: Reply,
  capture: string,
): Promise<Outcome> {
  let verdict: Verdict;
  try {
    verdict = readHistory(readChartBody(reply.bytes), { to: unit.to, fetchedMs: reply.fetchedMs });
  } catch (thrown) {
    if (thrown instanceof MalformedRecord) return failure("malformed", thrown.message);
    throw thrown;
  }
  if (verdict.state === "failed") return failure(verdict.reason, verdict.message);
  const { history } = verdict;
  const { firstTrade } = history;
  if (unit.ended !== undefined && firstTrade !== undefined && firstTrade > unit.ended) {
    return failure(
      "ticker_reused",
      `Yahoo serves a company under ${unit.symbol} that first traded on ${firstTrade}; the one that ended on ${unit.ended} must come from another source.`,
    );
  }
  return {
    state: "done",
    reason: "",
    message: "",
    to: earlierDay(unit.to, history.through),
    files: await leaveFiles(objects, unit.symbol, history, capture),
    about: {
      name: history.name ?? null,
      first_trade: history.firstTrade ?? null,
      first_bar: history.bars.days[0] ?? null,
      last_bar: history.bars.days.at(-1) ?? null,
      gaps: history.gaps,
      empty_rows: history.emptyRows,
    },
  };
}

async function leaveFiles(
  objects: ObjectStore,
  symbol: string,
  { bars, actions }: YahooHistory,
  capture: string,
): Promise<ColumnFile[]> {
  const same = (text: string, rows: number) => ({
    type: "LowCardinality(String)" as const,
    dictionary: [text],
    codes: new Uint8Array(rows),
  });
  const price = "Nullable(Float64)";
  const kinds = [...new Set(actions.map(({ kind }) => kind))];
  return [
    await putColumnFile(objects, "prices", "bars", [
      { name: "symbol", ...same(symbol, bars.days.length) },
      { name: "day", type: "Date", values: Uint16Array.from(bars.days, dayNumber) },
      { name: "open", type: price, values: bars.open },
      { name: "high", type: price, values: bars.high },
      { name: "low", type: price, values: bars.low },
      { name: "close", type: price, values: bars.close },
      { name: "volume", type: price, values: bars.volume },
      { name: "capture", ...same(capture, bars.days.length) },
    ]),
    await putColumnFile(objects, "prices", "corporate_actions", [
      { name: "symbol", ...same(symbol, actions.length) },
      {
        name: "ex_date",
        type: "Date",
        values: Uint16Array.from(actions, (a) => dayNumber(a.exDate)),
      },
      {
        name: "kind",
        type: "LowCardinality(String)",
        dictionary: kinds,
        codes: Uint8Array.from(actions, ({ kind }) => kinds.indexOf(kind)),
      },
      { name: "value", type: "Float64", values: Float64Array.from(actions, ({ value }) => value) },
    ]),
  ];
}
