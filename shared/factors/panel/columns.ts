import type { CorporateAction } from "../../market/adjustment.ts";
import type { SecurityId } from "../../market/security.ts";
import { dayNumber, fromDayNumber } from "../../market/trading-day.ts";
import { coded, numbers, type Block } from "../../warehouse/native/column.ts";
import type { WriteColumn } from "../../warehouse/native/writer.ts";
import type { BarRevision, SecurityBars } from "../../warehouse/prices/read-bars.ts";
import type { SecurityAction } from "../../warehouse/tables/corporate-actions.ts";

// A panel's column files: rows of several securities, each security's together and in the order in which they were read.

const fields = ["open", "high", "low", "close", "volume"] as const;

/** Names as codes into those that occur. */
function coding(name: string, names: readonly string[]): WriteColumn {
  const codes = new Map<string, number>();
  for (const one of names) if (!codes.has(one)) codes.set(one, codes.size);
  return {
    name,
    type: "LowCardinality(String)",
    dictionary: [...codes.keys()],
    codes: Uint32Array.from(names, (one) => codes.get(one)!),
  };
}

/** Bars of some securities as columns; a missing field is NaN. */
export function barColumns(securities: readonly SecurityBars[]): WriteColumn[] {
  const rows = securities.reduce((sum, { days }) => sum + days.length, 0);
  const codes = new Uint32Array(rows);
  const days = new Uint16Array(rows);
  const values = fields.map(() => new Float64Array(rows));
  let row = 0;
  for (const [code, bars] of securities.entries()) {
    codes.fill(code, row, row + bars.days.length);
    days.set(bars.days, row);
    for (const [at, field] of fields.entries()) values[at]!.set(bars[field], row);
    row += bars.days.length;
  }
  const dictionary = securities.map(({ securityId }) => securityId);
  return [
    { name: "security_id", type: "LowCardinality(String)", dictionary, codes },
    { name: "day", type: "Date", values: days },
    ...fields.map((name, at) => ({ name, type: "Float64" as const, values: values[at]! })),
  ];
}

/** The securities of a block of bars, one after the other. */
export function* barsOf(block: Block): Generator<SecurityBars> {
  const { dictionary, codes } = coded(block, "security_id");
  const days = numbers(block, "day") as Uint16Array;
  const values = fields.map((field) => numbers(block, field) as Float64Array);
  for (let from = 0, to = 0; from < block.rows; from = to) {
    while (to < block.rows && codes[to] === codes[from]) to++;
    const part = (at: number): Float64Array => values[at]!.slice(from, to);
    yield {
      securityId: dictionary[codes[from]!] as SecurityId,
      days: days.slice(from, to),
      open: part(0),
      high: part(1),
      low: part(2),
      close: part(3),
      volume: part(4),
    };
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Corporate actions as columns. */
export function actionColumns(actions: readonly SecurityAction[]): WriteColumn[] {
  const ids = actions.map(({ securityId }) => securityId);
  const kinds = actions.map(({ kind }) => kind);
  return [
    coding("security_id", ids),
    {
      name: "ex_date",
      type: "Date",
      values: Uint16Array.from(actions, (a) => dayNumber(a.exDate)),
    },
    coding("kind", kinds),
    { name: "value", type: "Float64", values: Float64Array.from(actions, ({ value }) => value) },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(actions, ({ knownMs }) => seconds(knownMs)),
    },
  ];
}

/** The corporate actions of a block; what they were read from is not told. */
export function actionsOfBlock(block: Block): SecurityAction[] {
  const ids = coded(block, "security_id");
  const kinds = coded(block, "kind");
  const days = numbers(block, "ex_date");
  const values = numbers(block, "value");
  const known = numbers(block, "known_at");
  return Array.from({ length: block.rows }, (_, row) => ({
    securityId: ids.dictionary[ids.codes[row]!] as SecurityId,
    exDate: fromDayNumber(days[row]!),
    kind: kinds.dictionary[kinds.codes[row]!] as CorporateAction["kind"],
    value: values[row]!,
    knownMs: known[row]! * 1000,
    capture: "",
  }));
}

/** Revisions of bars as columns. */
export function revisionColumns(revisions: readonly BarRevision[]): WriteColumn[] {
  const ids = revisions.map(({ securityId }) => securityId);
  return [
    coding("security_id", ids),
    { name: "day", type: "Date", values: Uint16Array.from(revisions, (r) => dayNumber(r.day)) },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(revisions, ({ knownMs }) => seconds(knownMs)),
    },
    ...fields.map((name) => ({
      name,
      type: "Float64" as const,
      values: Float64Array.from(revisions, (revision) => revision[name]),
    })),
  ];
}

/** The revisions of a block. */
export function revisionsOfBlock(block: Block): BarRevision[] {
  const ids = coded(block, "security_id");
  const days = numbers(block, "day");
  const known = numbers(block, "known_at");
  const [open, high, low, close, volume] = fields.map((field) => numbers(block, field));
  return Array.from({ length: block.rows }, (_, row) => ({
    securityId: ids.dictionary[ids.codes[row]!] as SecurityId,
    day: fromDayNumber(days[row]!),
    knownMs: known[row]! * 1000,
    open: open![row]!,
    high: high![row]!,
    low: low![row]!,
    close: close![row]!,
    volume: volume![row]!,
  }));
}
