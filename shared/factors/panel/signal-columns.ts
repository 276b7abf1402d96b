import type { SecurityId } from "../../market/security.ts";
import type { TextSignals } from "../../text/text-inputs.ts";
import { coded, numbers, type Block } from "../../warehouse/native/column.ts";
import type { WriteColumn } from "../../warehouse/native/writer.ts";

/** What texts say about some securities, as columns, each in the order in which it became known. */
export function signalColumns(signals: ReadonlyMap<SecurityId, TextSignals>): WriteColumn[] {
  const all = [...signals.values()];
  const rows = all.reduce((sum, { value }) => sum + value.length, 0);
  const ids = new Uint32Array(rows);
  const names = new Map<string, number>();
  const codes = new Uint32Array(rows);
  const column = {
    period: new Float64Array(rows),
    value: new Float64Array(rows),
    known: new Float64Array(rows),
  };
  let at = 0;
  for (const [place, own] of all.entries()) {
    for (const name of own.names) if (!names.has(name)) names.set(name, names.size);
    for (let row = 0; row < own.value.length; row++, at++) {
      ids[at] = place;
      codes[at] = names.get(own.names[own.name[row]!]!)!;
      column.period[at] = own.period[row]!;
      column.value[at] = own.value[row]!;
      column.known[at] = own.known[row]!;
    }
  }
  const word = { type: "LowCardinality(String)" } as const;
  return [
    { name: "security_id", ...word, dictionary: [...signals.keys()], codes: ids },
    { name: "signal", ...word, dictionary: [...names.keys()], codes },
    ...Object.entries(column).map(([name, values]): WriteColumn => ({
      name,
      type: "Float64",
      values,
    })),
  ];
}

/** The signals of a block, by security. */
export function signalsOf(block: Block): Map<SecurityId, TextSignals> {
  const ids = coded(block, "security_id");
  const signal = coded(block, "signal");
  const [period, value, known] = ["period", "value", "known"].map((name) => numbers(block, name));
  const found = new Map<SecurityId, TextSignals>();
  for (let from = 0, to = 0; from < block.rows; from = to) {
    while (to < block.rows && ids.codes[to] === ids.codes[from]) to++;
    found.set(ids.dictionary[ids.codes[from]!] as SecurityId, {
      names: signal.dictionary,
      name: Uint16Array.from(signal.codes.slice(from, to)),
      period: Int32Array.from(period!.slice(from, to)),
      value: Float64Array.from(value!.slice(from, to)),
      known: Float64Array.from(known!.slice(from, to)),
    });
  }
  return found;
}
