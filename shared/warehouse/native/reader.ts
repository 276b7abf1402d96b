import { arrayOf, type Block, type Column, type NumberArray } from "./column.ts";

/** A block goes on beyond the bytes at hand. */
class EndOfBytes extends Error {}

/** Walks one buffer of ClickHouse's Native format. */
class Cursor {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    const end = this.offset + length;
    if (end > this.#bytes.length) throw new EndOfBytes();
    const slice = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return slice;
  }

  /** An aligned copy, ready to be a typed array. */
  copy(length: number): ArrayBuffer {
    const slice = this.take(length);
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(slice);
    return copy;
  }

  varint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.take(1)[0]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  u64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  text(): string {
    return this.take(this.varint()).toString("utf8");
  }
}

function readText(cursor: Cursor, rows: number): string[] {
  const values = new Array<string>(rows);
  for (let row = 0; row < rows; row++) values[row] = cursor.text();
  return values;
}

/** Serialization: https://clickhouse.com/docs/interfaces/formats/Native, `LowCardinality` as SerializationLowCardinality.cpp. */
function readLowCardinality(cursor: Cursor, rows: number, inner: string): Column {
  cursor.take(8); // version of the keys
  if (rows === 0) return { kind: "coded", dictionary: [], codes: new Uint8Array() };
  const width = Number(cursor.take(8).readBigUInt64LE() & 0xffn);
  const dictionary = readText(cursor, cursor.u64());
  const count = cursor.u64();
  const Codes = [Uint8Array, Uint16Array, Uint32Array][width];
  if (inner !== "String" || Codes === undefined || count !== rows) {
    throw new TypeError(`LowCardinality(${inner}) with ${width}-coded keys is not read here.`);
  }
  return {
    kind: "coded",
    dictionary,
    codes: new Codes(cursor.copy(rows * Codes.BYTES_PER_ELEMENT)),
  };
}

/** Nulls of a number become NaN, so the numbers come as Float64. */
function withNulls(values: NumberArray, nulls: Uint8Array): Float64Array {
  const result = values instanceof Float64Array ? values : Float64Array.from(values);
  for (let row = 0; row < nulls.length; row++) if (nulls[row] !== 0) result[row] = NaN;
  return result;
}

function readColumn(cursor: Cursor, type: string, rows: number): Column {
  if (type === "Nothing") {
    cursor.take(rows);
    return { kind: "text", values: new Array<undefined>(rows) };
  }
  if (type === "String") return { kind: "text", values: readText(cursor, rows) };
  const wrapper = /^(\w+)\((.*)\)$/s.exec(type);
  const [outer, inner] = wrapper ? [wrapper[1]!, wrapper[2]!] : [type, ""];
  if (outer === "LowCardinality") return readLowCardinality(cursor, rows, inner);
  if (outer === "Nullable") {
    const nulls = Buffer.from(cursor.take(rows));
    const column = readColumn(cursor, inner, rows);
    if (column.kind === "number")
      return { kind: "number", values: withNulls(column.values, nulls) };
    if (column.kind === "text") {
      return { kind: "text", values: column.values.map((v, row) => (nulls[row] ? undefined : v)) };
    }
    throw new TypeError(`Type ${type} is not read as columns.`);
  }
  if (["Int64", "DateTime64"].includes(outer)) {
    return { kind: "big", values: new BigInt64Array(cursor.copy(rows * 8)) };
  }
  if (outer === "UInt64") return { kind: "big", values: new BigUint64Array(cursor.copy(rows * 8)) };
  const array = arrayOf[outer];
  if (array === undefined) throw new TypeError(`Type ${type} is not read as columns.`);
  return { kind: "number", values: new array(cursor.copy(rows * array.BYTES_PER_ELEMENT)) };
}

function readBlock(cursor: Cursor): Block {
  const width = cursor.varint();
  const rows = cursor.varint();
  const columns: Record<string, Column> = {};
  for (let index = 0; index < width; index++) {
    const name = cursor.text();
    const type = cursor.text();
    columns[name] = readColumn(cursor, type, rows);
  }
  return { rows, columns };
}

/**
 * Reads a stream of bytes in ClickHouse's Native format as blocks of typed columns. Chunks may end anywhere.
 * Memory: the block at hand, about 65,000 rows.
 *
 * @throws TypeError on a column type that has no typed array (Array, Map, Decimal ...): cast it in the SELECT
 */
export async function* readNative(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Block> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let used = 0;
    while (used < rest.length) {
      const cursor = new Cursor(rest.subarray(used));
      try {
        const block = readBlock(cursor);
        used += cursor.offset;
        if (block.rows > 0) yield block;
      } catch (thrown) {
        if (!(thrown instanceof EndOfBytes)) throw thrown;
        break;
      }
    }
    rest = rest.subarray(used);
  }
  if (rest.length > 0) throw new TypeError(`The result ended in the middle of a block.`);
}
