import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Block, NumberArray } from "../../../shared/warehouse/native/column.ts";
import { insertColumns } from "../../../shared/warehouse/insert-columns.ts";
import { encodeNative, type WriteColumn } from "../../../shared/warehouse/native/writer.ts";
import { collect } from "../../support/collect.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const runs = { numRuns: 15 };

/** Doubles of every kind: not a number apart, as that is how a null is told. */
const doubles = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, 0.1 + 0.2),
);
const floats = fc.float({ noNaN: true });
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

/** Each type with a fixed width: what it holds, and the array it is written from. */
const fixed: readonly (readonly [
  string,
  fc.Arbitrary<number>,
  (values: number[]) => NumberArray,
])[] = [
  ["Float64", doubles, (values) => Float64Array.from(values)],
  ["Float32", floats, (values) => Float32Array.from(values)],
  ["Int8", whole(-128, 127), (values) => Int8Array.from(values)],
  ["Int16", whole(-32_768, 32_767), (values) => Int16Array.from(values)],
  ["Int32", whole(-(2 ** 31), 2 ** 31 - 1), (values) => Int32Array.from(values)],
  ["UInt8", whole(0, 255), (values) => Uint8Array.from(values)],
  ["Bool", whole(0, 1), (values) => Uint8Array.from(values)],
  ["UInt16", whole(0, 65_535), (values) => Uint16Array.from(values)],
  ["UInt32", whole(0, 2 ** 32 - 1), (values) => Uint32Array.from(values)],
  ["Date", whole(0, 65_535), (values) => Uint16Array.from(values)],
  ["Date32", whole(-25_567, 120_529), (values) => Int32Array.from(values)],
  ["DateTime('UTC')", whole(0, 2 ** 32 - 1), (values) => Uint32Array.from(values)],
];

const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "é", "\0'\\\n"),
);

describe("the Native format, there and back through ClickHouse", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();
  let tables = 0;

  /** Writes columns into a new table and reads them back in their order. */
  async function there(columns: readonly WriteColumn[]): Promise<Block[]> {
    const table = `trip_${++tables}`;
    const types = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
    await warehouse().command(`CREATE TABLE ${table} (${types}) ENGINE = Log`);
    await insertColumns(warehouse(), table, columns);
    const blocks = await collect(warehouse().stream(`SELECT * FROM ${table}`));
    await warehouse().command(`DROP TABLE ${table}`);
    return blocks;
  }

  it("keeps every bit of every type of a fixed width", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 40 })
          .chain((rows) =>
            fc.tuple(
              ...fixed.map(([, value]) => fc.array(value, { minLength: rows, maxLength: rows })),
            ),
          ),
        async (values) => {
          const columns = fixed.map(([type, , array], at) => ({
            name: `c${at}`,
            type,
            values: array(values[at]!),
          }));
          const [block, ...more] = await there(columns);
          assert.equal(more.length, 0);
          for (const { name, values } of columns) {
            assert.deepEqual(block!.columns[name], { kind: "number", values });
          }
        },
      ),
      runs,
    );
  });

  it("keeps nulls and numbers beside each other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.tuple(doubles, whole(0, 65_535)), { nil: undefined }), {
          minLength: 1,
          maxLength: 60,
        }),
        async (rows) => {
          const values = Float64Array.from(rows, (row) => row?.[0] ?? NaN);
          const days = Float64Array.from(rows, (row) => row?.[1] ?? NaN);
          const [block] = await there([
            { name: "v", type: "Nullable(Float64)", values },
            { name: "d", type: "Nullable(Date)", values: days },
          ]);
          assert.deepEqual(block!.columns["v"], { kind: "number", values });
          assert.deepEqual(block!.columns["d"], { kind: "number", values: days });
        },
      ),
      runs,
    );
  });

  it("keeps every byte of text, and the word behind every code", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 300 }), async (text) => {
        const dictionary = [...new Set(text)];
        const codes = Uint16Array.from(text, (word) => dictionary.indexOf(word));
        const [block] = await there([
          { name: "s", type: "String", text },
          { name: "d", type: "LowCardinality(String)", dictionary, codes },
        ]);
        const { columns } = block!;
        assert.deepEqual(columns["s"], { kind: "text", values: text });
        const column = columns["d"];
        assert.ok(column?.kind === "coded");
        assert.deepEqual(
          Array.from(column.codes, (code) => column.dictionary[code]),
          text,
        );
      }),
      runs,
    );
  });

  it("keeps codes of two bytes and of four", async () => {
    for (const words of [300, 70_000]) {
      const dictionary = Array.from({ length: words }, (_, at) => `word ${at}`);
      const codes = Uint32Array.from(dictionary.keys()).reverse();
      const blocks = await there([
        { name: "d", type: "LowCardinality(String)", dictionary, codes },
      ]);
      const read = blocks.flatMap(({ columns }) => {
        const column = columns["d"];
        assert.ok(column?.kind === "coded");
        return Array.from(column.codes, (code) => column.dictionary[code]);
      });
      assert.deepEqual(read, dictionary.toReversed());
    }
  });

  it("reads 64 bits without rounding, null text, and what has no type", async () => {
    const [block] = await collect(
      warehouse().stream(`
        SELECT toInt64('-9223372036854775808') AS i, toUInt64('18446744073709551615') AS u,
          toDateTime64('2024-01-02 03:04:05.678', 3, 'UTC') AS t,
          arrayJoin([NULL, 'x']::Array(Nullable(String))) AS s, NULL AS nothing`),
    );
    const { columns } = block!;
    const twice = (value: bigint): bigint[] => [value, value];
    assert.deepEqual(columns["i"], {
      kind: "big",
      values: BigInt64Array.from(twice(-9223372036854775808n)),
    });
    assert.deepEqual(columns["u"], {
      kind: "big",
      values: BigUint64Array.from(twice(18446744073709551615n)),
    });
    // 2024-01-02 03:04:05.678 UTC is Date.UTC(2024, 0, 2, 3, 4, 5, 678).
    assert.deepEqual(columns["t"], {
      kind: "big",
      values: BigInt64Array.from(twice(1_704_164_645_678n)),
    });
    assert.deepEqual(columns["s"], { kind: "text", values: [undefined, "x"] });
    assert.deepEqual(columns["nothing"], { kind: "text", values: new Array(2) });
  });

  it("gives a result of many blocks whole and in order", async () => {
    const rows = 300_000;
    let next = 0;
    let blocks = 0;
    for await (const { columns } of warehouse().stream(
      `SELECT toUInt32(number) AS n FROM numbers(${rows})`,
    )) {
      const column = columns["n"];
      assert.ok(column?.kind === "number");
      for (const value of column.values) assert.equal(value, next++);
      blocks++;
    }
    assert.equal(next, rows);
    assert.ok(blocks > 1);
  });

  it("is no block at all where nothing is selected", async () => {
    const none = "SELECT toLowCardinality(toString(number)) AS s, number AS n FROM numbers(0)";
    assert.deepEqual(await collect(warehouse().stream(none)), []);
  });

  it("adds nothing for columns without rows", async () => {
    await warehouse().command("CREATE TABLE nothing_added (s String) ENGINE = Memory");
    await insertColumns(warehouse(), "nothing_added", [{ name: "s", type: "String", text: [] }]);
    assert.deepEqual(await warehouse().rows("SELECT count() AS rows FROM nothing_added"), [
      { rows: 0 },
    ]);
  });

  it("refuses a type that has no typed array, and says to cast it", async () => {
    for (const value of [
      "[1, 2]",
      "map('a', 1)",
      "toDecimal64('1.5', 4)",
      "tuple(1, 2)",
      "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
      "toLowCardinality(toNullable('x'))",
      "toNullable(toInt64(1))",
      "toFixedString('ab', 2)",
    ]) {
      await assert.rejects(collect(warehouse().stream(`SELECT ${value} AS v`)), (thrown: Error) => {
        assert.ok(thrown instanceof TypeError, value);
        assert.match(thrown.message, /is not read/);
        return true;
      });
    }
  });

  it("is read from several files as if they were one", async () => {
    const paths = ["b", "a", "c"].map((name, at) => {
      const path = join(folder(), `${name}.native`);
      writeFileSync(
        path,
        encodeNative([{ name: "n", type: "UInt8", values: Uint8Array.of(at, 10 + at) }]),
      );
      return path;
    });
    await warehouse().command("CREATE TABLE several (n UInt8) ENGINE = Memory");
    await warehouse().insertFrom(
      { path: paths, format: "Native", structure: "n UInt8" },
      "INSERT INTO several SELECT n FROM {file}",
    );
    const rows = await warehouse().rows<{ n: number }>("SELECT n FROM several ORDER BY n");
    assert.deepEqual(
      rows.map(({ n }) => n),
      [0, 1, 2, 10, 11, 12],
    );
  });
});
