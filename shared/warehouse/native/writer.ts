import { arrayOf, type CodeArray, type NumberArray } from "./column.ts";

/** A column to write, with the ClickHouse type it is written as. */
export type WriteColumn =
  | { readonly name: string; readonly type: string; readonly values: NumberArray }
  | { readonly name: string; readonly type: "String"; readonly text: readonly string[] }
  | {
      readonly name: string;
      readonly type: "LowCardinality(String)";
      readonly dictionary: readonly string[];
      readonly codes: CodeArray;
    };

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([varint(bytes.length), bytes]);
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function bytesOf(array: NumberArray): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** How many rows a column holds. */
export function rowsOf(column: WriteColumn): number {
  return "values" in column
    ? column.values.length
    : "text" in column
      ? column.text.length
      : column.codes.length;
}

function body(column: WriteColumn): Buffer[] {
  if ("text" in column) return column.text.map(text);
  if ("codes" in column) {
    const { dictionary, codes } = column;
    const width = [1, 2, 4].indexOf(codes.BYTES_PER_ELEMENT);
    // 1: one dictionary a block; 0x600: keys follow, and they update the dictionary.
    const head = [u64(1), u64(0x600 + width), u64(dictionary.length), ...dictionary.map(text)];
    return rowsOf(column) === 0 ? [u64(1)] : [...head, u64(codes.length), bytesOf(codes)];
  }
  const { name, type, values } = column;
  const nullable = /^Nullable\((\w+)\)$/.exec(type);
  const inner = nullable ? nullable[1]! : type.replace(/\(.*\)$/, "");
  const array = arrayOf[inner];
  if (nullable && array && values instanceof Float64Array) {
    const nulls = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0));
    return [bytesOf(nulls), bytesOf(inner === "Float64" ? values : array.from(values))];
  }
  if (nullable || array === undefined || !(values instanceof array)) {
    throw new TypeError(`Column ${name}: ${values.constructor.name} can't be written as ${type}.`);
  }
  return [bytesOf(values)];
}

/**
 * One block in ClickHouse's Native format. A file is any number of blocks after each other.
 *
 * `Nullable(...)` of a number is written from a Float64Array whose NaN are the nulls.
 *
 * @param columns all of the same length
 * @throws TypeError when lengths differ or an array does not fit its type
 */
export function encodeNative(columns: readonly WriteColumn[]): Buffer {
  const rows = columns[0] === undefined ? 0 : rowsOf(columns[0]);
  const parts = [varint(columns.length), varint(rows)];
  for (const column of columns) {
    if (rowsOf(column) !== rows) {
      throw new TypeError(`Column ${column.name} has ${rowsOf(column)} rows, expected ${rows}.`);
    }
    parts.push(text(column.name), text(column.type));
    // Not spread into the call: a column of strings has a part a row, and a stack has its limits.
    for (const part of body(column)) parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The structure of such columns as ClickHouse's `file()` and `input()` want it. */
export function structureOf(columns: readonly Pick<WriteColumn, "name" | "type">[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(", ");
}
