import { isTextInput, signalOf, type TextInput, type TextSignals } from "../text/text-inputs.ts";
import { closesOf } from "./closes.ts";
import type { FactorDefinition } from "./define.ts";
import type { Axis } from "./series.ts";

/** What some factors read of texts. */
export function textInputsOf(factors: readonly Pick<FactorDefinition, "inputs">[]): TextInput[] {
  return [
    ...new Set(factors.flatMap(({ inputs }) => inputs.filter((input) => isTextInput(input)))),
  ];
}

/** What was told of a period that ended longer ago says nothing of today: a year and a half. */
const stalestDays = 548;
/** A year before, give or take. */
const yearDays = { least: 330, most: 400 };

/**
 * What texts say about a security at each session of an axis, as it was known at its close.
 *
 * @param signals undefined where no text says anything: then all is NaN
 */
export function textAtSessions(
  signals: TextSignals | undefined,
  inputs: readonly TextInput[],
  axis: Axis,
): Partial<Record<TextInput, Float64Array>> {
  const columns: Partial<Record<TextInput, Float64Array>> = {};
  for (const input of inputs) {
    const column = new Float64Array(axis.days.length).fill(NaN);
    columns[input] = column;
    if (signals === undefined) continue;
    const { signal, yearAgo } = signalOf(input);
    const code = signals.names.indexOf(signal);
    if (code < 0) continue;
    if (input === "news_sentiment") flows(signals, code, axis, column, (value) => value);
    else if (input === "news_stories") flows(signals, code, axis, column, () => 1);
    else steps(signals, code, axis, column, yearAgo);
  }
  return columns;
}

/** Sums of what became known since the close before; 0 from the first one on where there was nothing. */
function flows(
  { name, value, known }: TextSignals,
  code: number,
  axis: Axis,
  column: Float64Array,
  amountOf: (value: number) => number,
): void {
  const close = closesOf(axis);
  let row = 0;
  let begun = false;
  for (let session = 0; session < close.length; session++) {
    let sum = 0;
    for (; row < known.length && known[row]! * 1000 <= close[session]!; row++) {
      if (name[row] !== code) continue;
      begun = true;
      // What was known before the axis begins is of no session of it.
      const before = session === 0 ? -Infinity : close[session - 1]!;
      if (session > 0 && known[row]! * 1000 > before) sum += amountOf(value[row]!);
    }
    if (begun) column[session] = sum;
  }
}

/** The value of the latest period that was known, or of the one that ended a year before it. */
function steps(
  { name, period, value, known }: TextSignals,
  code: number,
  axis: Axis,
  column: Float64Array,
  yearAgo: boolean,
): void {
  const close = closesOf(axis);
  /** By period, what was known last. */
  const told = new Map<number, number>();
  let latest = -Infinity;
  let row = 0;
  for (let session = 0; session < close.length; session++) {
    for (; row < known.length && known[row]! * 1000 <= close[session]!; row++) {
      if (name[row] !== code) continue;
      told.set(period[row]!, value[row]!);
      latest = Math.max(latest, period[row]!);
    }
    if (latest === -Infinity || axis.days[session]! - latest > stalestDays) continue;
    column[session] = yearAgo ? yearBefore(told, latest) : told.get(latest)!;
  }
}

function yearBefore(told: ReadonlyMap<number, number>, latest: number): number {
  for (const [period, value] of told) {
    const days = latest - period;
    if (days >= yearDays.least && days <= yearDays.most) return value;
  }
  return NaN;
}
