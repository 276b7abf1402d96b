import assert from "node:assert/strict";
import { encodeNative, structureOf } from "../../../shared/warehouse/native/writer.ts";

/** Bytes written out: numbers as they stand, text as its characters. */
function bytes(...parts: (number | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))),
  );
}

// The expected bytes are written by hand from https://clickhouse.com/docs/interfaces/formats/Native: varint columns, varint
// rows, then for each column varint-prefixed name and type, and its values.
describe("encodeNative", () => {
  it("writes numbers in the order of little-endian bytes", () => {
    const block = encodeNative([{ name: "n", type: "UInt16", values: Uint16Array.of(1, 0x0203) }]);
    assert.deepEqual(block, bytes(1, 2, 1, "n", 6, "UInt16", 1, 0, 3, 2));
  });

  it("writes text with its length in bytes, beyond 127 in two", () => {
    const long = "x".repeat(130);
    const block = encodeNative([{ name: "s", type: "String", text: ["é", "", long] }]);
    // 130 = 0b1_0000010: the low seven bits with the sign of more, then 1.
    assert.deepEqual(block, bytes(1, 3, 1, "s", 6, "String", 2, "é", 0, 130, 1, long));
  });

  it("writes NaN of a nullable column as null, and zero as zero", () => {
    const block = encodeNative([
      { name: "v", type: "Nullable(UInt8)", values: Float64Array.of(7, NaN, 0) },
    ]);
    assert.deepEqual(block, bytes(1, 3, 1, "v", 15, "Nullable(UInt8)", 0, 1, 0, 7, 0, 0));
  });

  it("writes a dictionary once and a code a row", () => {
    const block = encodeNative([
      {
        name: "d",
        type: "LowCardinality(String)",
        dictionary: ["b", "a"],
        codes: Uint8Array.of(1, 0, 1),
      },
    ]);
    const u64 = (low: number, high = 0): number[] => [low, high, 0, 0, 0, 0, 0, 0];
    assert.deepEqual(
      block,
      bytes(
        ...[1, 3, 1, "d", 22, "LowCardinality(String)"],
        ...u64(1), // version: one dictionary a block
        ...u64(0, 6), // 0x600: keys follow, and make the dictionary; codes of one byte
        ...[...u64(2), 1, "b", 1, "a"],
        ...[...u64(3), 1, 0, 1],
      ),
    );
  });

  it("writes more strings than a call takes arguments", () => {
    const rows = 200_000;
    const block = encodeNative([{ name: "s", type: "String", text: new Array(rows).fill("") }]);
    // Two bytes of the block's size, three of the rows' number less one, name and type, and a byte a row.
    assert.equal(block.length, 1 + 3 + 2 + 7 + rows);
  });

  it("refuses columns of different lengths, and values that are not of their type", () => {
    const day = { name: "day", type: "Date", values: Uint16Array.of(1, 2) };
    assert.throws(
      () => encodeNative([day, { name: "s", type: "String", text: ["one"] }]),
      /Column s has 1 rows, expected 2/,
    );
    for (const [type, values] of [
      ["Float64", Uint16Array.of(1)],
      ["UInt64", Float64Array.of(1)],
      ["Nullable(Date)", Uint16Array.of(1)],
      ["Array(Int8)", Int8Array.of(1)],
    ] as const) {
      assert.throws(() => encodeNative([{ name: "v", type, values }]), /Column v: \w+ can't be/);
    }
  });
});

describe("structureOf", () => {
  it("names columns and types as file() and input() want them", () => {
    const columns = [
      { name: "day", type: "Date" },
      { name: "value", type: "Nullable(Float64)" },
    ];
    assert.equal(structureOf(columns), "day Date, value Nullable(Float64)");
  });
});
