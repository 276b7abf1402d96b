import { dayNumber, fromDayNumber, type TradingDay } from "../market/trading-day.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { coded, numbers } from "../warehouse/native/column.ts";
import { readNative } from "../warehouse/native/reader.ts";
import { encodeNative } from "../warehouse/native/writer.ts";
import { receiptsOf, type Receipt } from "./receipt.ts";
import { getRun, runIds } from "./runs.ts";

/** What planning needs of a receipt. */
export type KnownReceipt = Pick<Receipt, "state" | "from" | "to" | "reason" | "basis">;

/** What is known of a key: how many receipts it has, and what those say that matter, oldest first. */
export interface Known {
  readonly receipts: number;
  readonly told: readonly KnownReceipt[];
}

const nothing: Known = { receipts: 0, told: [] };

/** Keys whose receipts are read at once. */
const atOnce = 64;

/**
 * The receipts of a dataset and source, compacted into columns. The receipts are the truth, and this can be made anew from
 * them; it says which runs it has seen, and what other runs wrote is read receipt by receipt.
 */
export class LedgerIndex {
  readonly number: number;
  readonly runs: ReadonlySet<string>;
  readonly keys: readonly string[];
  /** By row: which key, ascending. */
  readonly keyOf: Uint32Array;
  readonly receipts: Uint16Array;
  /** 1 for done, 0 for failed. */
  readonly done: Uint8Array;
  /** Days since 1970. */
  readonly from: Uint16Array;
  readonly to: Uint16Array;
  readonly reasons: readonly string[];
  readonly reasonOf: ArrayLike<number>;
  readonly bases: readonly string[];
  readonly basisOf: ArrayLike<number>;
  #firstRow: Map<string, number> | undefined;

  constructor(columns: Omit<LedgerIndex, "known" | "rows">) {
    this.number = columns.number;
    this.runs = columns.runs;
    this.keys = columns.keys;
    this.keyOf = columns.keyOf;
    this.receipts = columns.receipts;
    this.done = columns.done;
    this.from = columns.from;
    this.to = columns.to;
    this.reasons = columns.reasons;
    this.reasonOf = columns.reasonOf;
    this.bases = columns.bases;
    this.basisOf = columns.basisOf;
  }

  get rows(): number {
    return this.keyOf.length;
  }

  /** What it holds of a key. */
  known(key: string): Known {
    if (this.#firstRow === undefined) {
      this.#firstRow = new Map();
      for (let row = this.rows - 1; row >= 0; row--) {
        this.#firstRow.set(this.keys[this.keyOf[row]!]!, row);
      }
    }
    const first = this.#firstRow.get(key);
    if (first === undefined) return nothing;
    const told: KnownReceipt[] = [];
    for (let row = first; this.keyOf[row] === this.keyOf[first]; row++) {
      told.push({
        state: this.done[row] === 1 ? "done" : "failed",
        from: fromDayNumber(this.from[row]!),
        to: fromDayNumber(this.to[row]!),
        reason: this.reasons[this.reasonOf[row]!]!,
        basis: this.bases[this.basisOf[row]!]!,
      });
    }
    return { receipts: this.receipts[first]!, told };
  }
}

function folderOf(dataset: string, source: string): string {
  return `ledger-index/${dataset}/${source}/`;
}

/** The newest index of a dataset and source; undefined when there is none yet. */
export async function readIndex(
  objects: ObjectStore,
  dataset: string,
  source: string,
): Promise<LedgerIndex | undefined> {
  let newest: string | undefined;
  for await (const key of objects.list(folderOf(dataset, source))) newest = key;
  const bytes = newest === undefined ? undefined : await objects.get(newest);
  if (newest === undefined || bytes === undefined) return undefined;
  // A line of JSON, then a block of columns.
  const end = bytes.indexOf(10);
  const { runs } = JSON.parse(bytes.subarray(0, end).toString("utf8")) as { runs: string[] };
  for await (const block of readNative([bytes.subarray(end + 1)])) {
    const key = coded(block, "key");
    const reason = coded(block, "reason");
    // Those of before bases were known have none.
    const basis = block.columns["basis"]
      ? coded(block, "basis")
      : { dictionary: [""], codes: new Uint8Array(block.rows) };
    return new LedgerIndex({
      number: Number(/(\d+)\.native$/.exec(newest)?.[1]),
      runs: new Set(runs),
      keys: key.dictionary,
      keyOf: Uint32Array.from(key.codes),
      receipts: numbers(block, "receipts") as Uint16Array,
      done: numbers(block, "done") as Uint8Array,
      from: numbers(block, "from") as Uint16Array,
      to: numbers(block, "to") as Uint16Array,
      reasons: reason.dictionary,
      reasonOf: reason.codes,
      bases: basis.dictionary,
      basisOf: basis.codes,
    });
  }
  return undefined;
}

/** What is known of keys, in their order: from the index, and from receipts where runs wrote that it has not seen. */
export async function knownOf(
  objects: ObjectStore,
  dataset: string,
  source: string,
  keys: readonly string[],
): Promise<Known[]> {
  const index = await readIndex(objects, dataset, source);
  const fresh = index ? await touchedSince(objects, dataset, source, index) : undefined;
  const found: Known[] = keys.map((key) => index?.known(key) ?? nothing);
  const read = keys.flatMap((key, at) => (fresh === undefined || fresh.has(key) ? [at] : []));
  for (let begin = 0; begin < read.length; begin += atOnce) {
    await Promise.all(
      read.slice(begin, begin + atOnce).map(async (at) => {
        found[at] = knownFrom(await receiptsOf(objects, dataset, source, keys[at]!));
      }),
    );
  }
  return found;
}

/** Keys that runs have worked on which an index has not seen. */
async function touchedSince(
  objects: ObjectStore,
  dataset: string,
  source: string,
  { runs }: LedgerIndex,
): Promise<Set<string>> {
  const touched = new Set<string>();
  for (const id of await runIds(objects)) {
    if (runs.has(id)) continue;
    const run = await getRun(objects, id);
    if (run.dataset !== dataset || run.source !== source) continue;
    for (const { key } of run.units) touched.add(key);
  }
  return touched;
}

/**
 * Of many receipts those that matter: each stretch that is done, unless a later one of the same basis covers it, and a
 * failure that came last.
 */
function knownFrom(receipts: readonly Receipt[]): Known {
  const covers = (later: Receipt, { from, to, basis }: Receipt): boolean =>
    later.state === "done" && later.basis === basis && later.from <= from && later.to >= to;
  const told = receipts.filter((receipt, at) =>
    receipt.state === "failed"
      ? at === receipts.length - 1
      : !receipts.slice(at + 1).some((later) => covers(later, receipt)),
  );
  return {
    receipts: receipts.length,
    told: told.map(({ state, from, to, reason, basis }) => ({ state, from, to, reason, basis })),
  };
}

/**
 * Writes a new index: what the newest one holds, and anew what runs touched that it has not seen. Runs that are under way are
 * not counted as seen.
 *
 * @param ended ids of runs of this dataset and source that are over
 */
export async function compactLedger(
  objects: ObjectStore,
  dataset: string,
  source: string,
  ended: ReadonlySet<string>,
): Promise<void> {
  const folder = folderOf(dataset, source);
  for (;;) {
    const before = await readIndex(objects, dataset, source);
    const seen = new Set(before?.runs);
    const known = new Map<string, Known>(before?.keys.map((key) => [key, before.known(key)]));
    const touched = new Set<string>();
    for (const id of ended) {
      if (seen.has(id)) continue;
      seen.add(id);
      for (const { key } of (await getRun(objects, id)).units) touched.add(key);
    }
    const keys = [...touched];
    for (let begin = 0; begin < keys.length; begin += atOnce) {
      await Promise.all(
        keys.slice(begin, begin + atOnce).map(async (key) => {
          known.set(key, knownFrom(await receiptsOf(objects, dataset, source, key)));
        }),
      );
    }
    const number = (before?.number ?? 0) + 1;
    const bytes = encodeIndex(known, [...seen].sort());
    // Who was faster may have seen other runs: theirs is the one to begin with, then.
    const key = `${folder}${String(number).padStart(6, "0")}.native`;
    if (await objects.putIfAbsent(key, bytes)) return;
  }
}

/** An index as bytes. */
export function encodeIndex(known: ReadonlyMap<string, Known>, runs: readonly string[]): Buffer {
  const keys = [...known.keys()].sort();
  const reasons = new Map<string, number>([["", 0]]);
  const bases = new Map<string, number>([["", 0]]);
  let rows = 0;
  for (const { told } of known.values()) rows += told.length;
  const columns = {
    key: new Uint32Array(rows),
    receipts: new Uint16Array(rows),
    done: new Uint8Array(rows),
    from: new Uint16Array(rows),
    to: new Uint16Array(rows),
    reason: new Uint16Array(rows),
    basis: new Uint32Array(rows),
  };
  let row = 0;
  for (const [code, key] of keys.entries()) {
    const { receipts, told } = known.get(key)!;
    for (const { state, from, to, reason, basis } of told) {
      if (!reasons.has(reason)) reasons.set(reason, reasons.size);
      if (!bases.has(basis)) bases.set(basis, bases.size);
      columns.key[row] = code;
      columns.receipts[row] = receipts;
      columns.done[row] = state === "done" ? 1 : 0;
      columns.from[row] = dayNumber(from as TradingDay);
      columns.to[row] = dayNumber(to as TradingDay);
      columns.basis[row] = bases.get(basis)!;
      columns.reason[row++] = reasons.get(reason)!;
    }
  }
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ version: 1, runs })}\n`),
    encodeNative([
      { name: "key", type: "LowCardinality(String)", dictionary: keys, codes: columns.key },
      { name: "receipts", type: "UInt16", values: columns.receipts },
      { name: "done", type: "UInt8", values: columns.done },
      { name: "from", type: "Date", values: columns.from },
      { name: "to", type: "Date", values: columns.to },
      {
        name: "reason",
        type: "LowCardinality(String)",
        dictionary: [...reasons.keys()],
        codes: columns.reason,
      },
      {
        name: "basis",
        type: "LowCardinality(String)",
        dictionary: [...bases.keys()],
        codes: columns.basis,
      },
    ]),
  ]);
}
