/** Typed arrays a numeric ClickHouse column maps to without loss. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** Codes into a dictionary. */
export type CodeArray = Uint8Array | Uint16Array | Uint32Array;

/** A column of numbers: Float, Int, Date (days since 1970), DateTime (seconds since 1970). Null is NaN in a Float64. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: NumberArray;
}

/** A column of 64-bit integers or DateTime64. */
export interface BigColumn {
  readonly kind: "big";
  readonly values: BigInt64Array | BigUint64Array;
}

/** A column of strings; null is undefined. */
export interface TextColumn {
  readonly kind: "text";
  readonly values: readonly (string | undefined)[];
}

/** A `LowCardinality(String)` column: `dictionary[codes[row]]`. */
export interface CodedColumn {
  readonly kind: "coded";
  readonly dictionary: readonly string[];
  readonly codes: CodeArray;
}

export type Column = NumberColumn | BigColumn | TextColumn | CodedColumn;

/** Some rows of a result, by column. */
export interface Block {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

type NumberArrayConstructor = {
  new (buffer: ArrayBuffer): NumberArray;
  from(values: ArrayLike<number>): NumberArray;
  readonly BYTES_PER_ELEMENT: number;
};

/** The array type of each fixed-width ClickHouse type that fits a JavaScript number. */
export const arrayOf: Readonly<Record<string, NumberArrayConstructor>> = {
  Float64: Float64Array,
  Float32: Float32Array,
  Int8: Int8Array,
  Int16: Int16Array,
  Int32: Int32Array,
  UInt8: Uint8Array,
  Bool: Uint8Array,
  UInt16: Uint16Array,
  Date: Uint16Array,
  UInt32: Uint32Array,
  Date32: Int32Array,
  DateTime: Uint32Array,
};

/** The numbers of a column, or an error that names it. */
export function numbers(block: Block, name: string): NumberArray {
  const column = block.columns[name];
  if (column?.kind !== "number") {
    throw new TypeError(
      `Column ${name}: expected numbers, got ${column?.kind ?? "no such column"}.`,
    );
  }
  return column.values;
}

/** The dictionary and codes of a column, or an error that names it. */
export function coded(block: Block, name: string): CodedColumn {
  const column = block.columns[name];
  if (column?.kind !== "coded") {
    throw new TypeError(`Column ${name}: expected codes, got ${column?.kind ?? "no such column"}.`);
  }
  return column;
}

/** A column of texts. */
export function texts(block: Block, name: string): string[] {
  const column = block.columns[name];
  if (column?.kind === "text") return column.values.map((value) => value ?? "");
  const { dictionary, codes } = coded(block, name);
  return Array.from(codes, (code) => dictionary[code]!);
}
