import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { SecurityId } from "../market/security.ts";
import { encodeNative } from "../warehouse/native/writer.ts";
import type { FactorDefinition } from "./define.ts";
import type { Axis } from "./series.ts";
import type { OutputWindow } from "./compute-security.ts";

/** The columns of a file of factor values. */
export const valueFileStructure = "security_id LowCardinality(String), day Date, value Float64";

/** Where one calendar year of a window lies. */
interface YearSpan {
  readonly year: number;
  readonly from: number;
  readonly to: number;
}

/** Values of one factor in one year, of the securities since the last flush. */
interface Buffer {
  readonly codes: Uint16Array;
  readonly days: Uint16Array;
  readonly values: Float64Array;
  count: number;
}

/**
 * Gathers factor values of some securities and appends them to files in ClickHouse's Native format, one a factor and
 * year: a year is a partition of the table, and a file that stays within one makes one part.
 */
export class ValueFiles {
  readonly #folder: string;
  readonly #writer: string;
  readonly #factors: readonly FactorDefinition[];
  readonly #axis: Axis;
  readonly #window: OutputWindow;
  readonly #years: readonly YearSpan[];
  readonly #buffers: readonly (readonly Buffer[])[];
  readonly #capacity: number;
  #securities: SecurityId[] = [];
  /** Values written. */
  rows = 0;
  /** Values written by the name of the file, in the order of first writing. */
  readonly files = new Map<string, number>();

  /**
   * @param writer tells the files of this writer from those of others in the same folder
   * @param capacity securities between two writes
   */
  constructor(
    folder: string,
    writer: string,
    factors: readonly FactorDefinition[],
    axis: Axis,
    window: OutputWindow,
    capacity = 64,
  ) {
    this.#folder = folder;
    this.#writer = writer;
    this.#factors = factors;
    this.#axis = axis;
    this.#window = window;
    this.#capacity = capacity;
    this.#years = yearsOf(axis, window);
    this.#buffers = factors.map(() =>
      this.#years.map(({ from, to }) => ({
        codes: new Uint16Array(capacity * (to - from)),
        days: new Uint16Array(capacity * (to - from)),
        values: new Float64Array(capacity * (to - from)),
        count: 0,
      })),
    );
  }

  /**
   * Takes the values of the next security.
   *
   * @param results one array a factor over the window, NaN where there is no value
   */
  add(securityId: SecurityId, results: readonly Float64Array[]): void {
    if (this.#securities.length === this.#capacity) this.flush();
    const code = this.#securities.length;
    this.#securities.push(securityId);
    for (const [f, result] of results.entries()) {
      for (const [y, { from, to }] of this.#years.entries()) {
        const buffer = this.#buffers[f]![y]!;
        for (let at = from; at < to; at++) {
          const value = result[at - this.#window.from]!;
          if (Number.isNaN(value)) continue;
          buffer.codes[buffer.count] = code;
          buffer.days[buffer.count] = this.#axis.days[at]!;
          buffer.values[buffer.count++] = value;
        }
      }
    }
  }

  /** Appends what was gathered to the files. */
  flush(): void {
    for (const [f, factor] of this.#factors.entries()) {
      for (const [y, { year }] of this.#years.entries()) {
        const buffer = this.#buffers[f]![y]!;
        if (buffer.count === 0) continue;
        const bytes = encodeNative([
          {
            name: "security_id",
            type: "LowCardinality(String)",
            dictionary: this.#securities,
            codes: buffer.codes.subarray(0, buffer.count),
          },
          { name: "day", type: "Date", values: buffer.days.subarray(0, buffer.count) },
          { name: "value", type: "Float64", values: buffer.values.subarray(0, buffer.count) },
        ]);
        const name = `${factor.name}.${year}.${this.#writer}.native`;
        appendFileSync(join(this.#folder, name), bytes);
        this.files.set(name, (this.files.get(name) ?? 0) + buffer.count);
        this.rows += buffer.count;
        buffer.count = 0;
      }
    }
    this.#securities = [];
  }
}

function yearsOf(axis: Axis, window: OutputWindow): YearSpan[] {
  const spans: { year: number; from: number; to: number }[] = [];
  for (let at = window.from; at < window.to; at++) {
    const year = new Date(axis.days[at]! * 86_400_000).getUTCFullYear();
    if (spans.at(-1)?.year !== year) spans.push({ year, from: at, to: at });
    spans.at(-1)!.to = at + 1;
  }
  return spans;
}
