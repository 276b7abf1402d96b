import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInput } from "../../../shared/errors.ts";
import { readParquetSchema } from "../../../shared/sources/files/parquet-schema.ts";
import { inspectTable, priceColumns } from "../../../shared/sources/files/price-file.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

describe("the columns of a Parquet file", () => {
  const folder = useTempFolder();
  const warehouse = useWarehouse();
  /** Has ClickHouse write a file of one row. */
  const write = async (name: string, columns: string): Promise<string> => {
    const path = join(folder(), name);
    await warehouse().command(
      `INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT ${columns}`,
      { path },
    );
    return path;
  };

  it("are read by their logical types", async () => {
    const types = [
      ["toDate('2024-01-02')", "Nullable(Date32)"],
      ["toDate32('1962-01-02')", "Nullable(Date32)"],
      ["toDateTime64('2024-01-02 21:00:00.5', 6, 'UTC')", "Nullable(DateTime64(3, 'UTC'))"],
      ["toFloat64(1.5)", "Nullable(Float64)"],
      ["toFloat32(1.5)", "Nullable(Float64)"],
      ["toDecimal64(1.5, 4)", "Nullable(Float64)"],
      ["toNullable(toFloat64(2))", "Nullable(Float64)"],
      ["toInt32(3)", "Nullable(Int64)"],
      ["toInt64(3)", "Nullable(Int64)"],
      ["toUInt32(3)", "Nullable(Int64)"],
      ["'AAPL'", "Nullable(String)"],
      ["toLowCardinality('AAPL')", "Nullable(String)"],
    ] as const;
    const path = await write(
      "types.parquet",
      types.map(([value], at) => `${value} AS column_${at}`).join(", "),
    );
    assert.deepEqual(
      await readParquetSchema(path),
      types.map(([, type], at) => ({ name: `column_${at}`, type })),
    );
  });

  it("make a long or a wide table like those of a CSV", async () => {
    const long = await inspectTable(
      await write(
        "long.parquet",
        "toDate('2024-01-02') AS Date, 'AAPL' AS asset, 1.5 AS `Adj Close`, 1. AS close",
      ),
      priceColumns,
      "close",
    );
    assert.deepEqual([long.format, long.shape, long.day], ["parquet", "long", 0]);
    assert.deepEqual("fields" in long && long.fields, { close: 3, adjclose: 2 });
    // As pandas names an index without a name.
    const wide = await inspectTable(
      await write(
        "wide.parquet",
        "toDate('2024-01-02') AS __index_level_0__, 1. AS AAPL, 2. AS MSFT",
      ),
      priceColumns,
      "close",
    );
    assert.deepEqual([wide.shape, wide.day], ["wide", 0]);
    assert.deepEqual("symbols" in wide && wide.symbols, [1, 2]);
  });

  it("are refused, in words, of a file that was cut or is none", async () => {
    const bytes = readFileSync(await write("whole.parquet", "1. AS close"));
    const half = join(folder(), "half.parquet");
    writeFileSync(half, bytes.subarray(0, bytes.length / 2));
    const magic = join(folder(), "magic.parquet");
    writeFileSync(magic, "PAR1");
    for (const path of [half, magic]) {
      await assert.rejects(inspectTable(path, priceColumns, "close"), (thrown) => {
        assert.ok(thrown instanceof InvalidInput);
        assert.ok(thrown.message.startsWith(`${path}: expected a Parquet file: `), thrown.message);
        return true;
      });
    }
  });
});
