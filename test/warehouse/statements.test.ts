import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { encodeNative } from "../../shared/warehouse/native/writer.ts";
import { coded, numbers } from "../../shared/warehouse/native/column.ts";
import { collect } from "../support/collect.ts";
import { describeEveryWarehouse } from "../support/every-warehouse.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describeEveryWarehouse("a statement", (warehouse) => {
  const folder = useTempFolder();

  it("gives row objects, 64-bit integers as numbers, what is no number as null", async () => {
    const rows = await warehouse().rows(
      "SELECT toInt64(number) AS n, toUInt64(7) AS seven, nan AS undefined, 1 / 3 AS third FROM numbers(2)",
    );
    const rest = { seven: 7, undefined: null, third: 1 / 3 };
    assert.deepEqual(rows, [
      { n: 0, ...rest },
      { n: 1, ...rest },
    ]);
    assert.deepEqual(await warehouse().rows("SELECT 1 AS one WHERE 0"), []);
  });

  it("fails with ClickHouse's own words", async () => {
    await assert.rejects(warehouse().rows("SELECT * FROM nowhere"), /nowhere/);
    await assert.rejects(warehouse().command("DROP TABLE nowhere"), /nowhere/);
    await assert.rejects(collect(warehouse().stream("SELECT * FROM nowhere")), /nowhere/);
  });

  it("streams blocks of typed columns, with bound parameters", async () => {
    const blocks = await collect(
      warehouse().stream(
        "SELECT toLowCardinality(if(number % 2 = 0, 'even', {odd:String})) AS word, toFloat64(number) / 8 AS v FROM numbers(200000)",
        { odd: "o'd\\d" },
      ),
    );
    assert.ok(blocks.length > 1);
    let next = 0;
    for (const block of blocks) {
      const { dictionary, codes } = coded(block, "word");
      const values = numbers(block, "v");
      for (let row = 0; row < block.rows; row++, next++) {
        assert.equal(values[row], next / 8);
        assert.equal(dictionary[codes[row]!], next % 2 === 0 ? "even" : "o'd\\d");
      }
    }
    assert.equal(next, 200_000);
  });

  it("writes Parquet that is read to the same rows, in their order, twice to the same bytes", async () => {
    const paths = ["one", "two"].map((name) => join(folder(), `${name}.parquet`));
    for (const path of paths) {
      await warehouse().exportParquet(
        path,
        `SELECT toString(number % 3) AS word, toInt32(number - 5) AS n, toDate('1999-12-31') + number AS day,
           toDateTime64({at:DateTime('UTC')}, 6, 'UTC') AS seen, if(number = 2, NULL, number / 7) AS v FROM numbers(10) ORDER BY n DESC`,
        { at: 1_700_000_000 },
      );
    }
    const [first, second] = paths.map((path) => readFileSync(path));
    assert.deepEqual(first, second);
    const duck = await (await DuckDBInstance.create()).connect();
    const read = await duck.runAndReadAll(
      `SELECT word, n, day::VARCHAR, epoch_us(seen)::VARCHAR, v FROM read_parquet('${paths[0]!}')`,
    );
    const rows = read.getRowsJson();
    duck.closeSync();
    assert.equal(rows.length, 10);
    assert.deepEqual(rows[0], ["0", 4, "2000-01-09", "1700000000000000", 9 / 7]);
    assert.equal(rows[7]![4], null);
  });

  it("can be given up in the middle of its stream", async () => {
    for await (const block of warehouse().stream("SELECT number FROM numbers(1000000)")) {
      assert.ok(block.rows > 0);
      break;
    }
    assert.deepEqual(await warehouse().rows("SELECT 1 AS one"), [{ one: 1 }]);
    assert.equal((await collect(warehouse().stream("SELECT 1 AS one"))).length, 1);
  });

  it("that fails in the middle of its stream is not taken for a shorter result", async () => {
    const rows = "SELECT toUInt32(number) AS n, throwIf(number = 300000) AS t FROM numbers(400000)";
    await assert.rejects(
      collect(warehouse().stream(`${rows} SETTINGS max_block_size = 10000, max_threads = 1`)),
    );
    assert.deepEqual(await warehouse().rows("SELECT 1 AS one"), [{ one: 1 }]);
  });

  it("has its clock at UTC, whatever the machine's says", async () => {
    const [row] = await warehouse().rows("SELECT getSetting('session_timezone') AS zone");
    assert.deepEqual(row, { zone: "UTC" });
  });
});

describeEveryWarehouse("an insert from files", (warehouse) => {
  const folder = useTempFolder();
  const structure = "n Int32, s String";
  const insert = "INSERT INTO taken SELECT n, s FROM {file} WHERE n < {below:Int32}";

  beforeEach(async () => {
    await warehouse().command(
      "CREATE TABLE taken (n Int32, s String) ENGINE = MergeTree ORDER BY n",
    );
  });
  afterEach(() => warehouse().command("DROP TABLE taken SYNC"));

  async function taken(): Promise<[number, string][]> {
    const rows = await warehouse().rows<{ n: number; s: string }>("SELECT * FROM taken ORDER BY n");
    return rows.map(({ n, s }) => [n, s]);
  }

  function put(name: string, bytes: string | Buffer): string {
    const path = join(folder(), name);
    writeFileSync(path, bytes);
    return path;
  }

  it("takes what the statement selects", async () => {
    const path = put("plain.csv", '1,a\n2,"b,\'"\n3,c\n');
    await warehouse().insertFrom({ path, format: "CSV", structure }, insert, { below: 3 });
    assert.deepEqual(await taken(), [
      [1, "a"],
      [2, "b,'"],
    ]);
  });

  it("unpacks a file that is said to be packed, whatever its name", async () => {
    for (const [at, name] of ["packed.csv", "packed", "packed.csv.gz"].entries()) {
      const path = put(name, gzipSync(`${at},x\n`));
      const file = { path, format: "CSV", structure, gzipped: true };
      await warehouse().insertFrom(file, insert, { below: 9 });
    }
    assert.deepEqual(await taken(), [
      [0, "x"],
      [1, "x"],
      [2, "x"],
    ]);
  });

  it("reads the file of that very name, also where the name looks like a pattern", async () => {
    put("a.csv", "1,wrong\n");
    put("ab.csv", "2,wrong\n");
    const names = [
      "*.csv",
      "a?.csv",
      "{a,ab}.csv",
      "[a].csv",
      "a,b.csv",
      'it\'s a \\ "file".csv',
      "100%41.csv",
      "é.csv",
    ];
    for (const [at, name] of names.entries()) {
      const path = put(name, `${10 + at},right\n`);
      await warehouse().insertFrom({ path, format: "CSV", structure }, insert, { below: 99 });
    }
    assert.deepEqual(
      await taken(),
      names.map((_, at) => [10 + at, "right"]),
    );
  });

  it("reads several files as one, some of them with such names", async () => {
    const path = ["{1}.native", "2.native", "3*.native"].map((name, at) =>
      put(
        name,
        encodeNative([
          { name: "n", type: "Int32", values: Int32Array.of(at) },
          { name: "s", type: "String", text: [name] },
        ]),
      ),
    );
    await warehouse().insertFrom({ path, format: "Native", structure }, insert, { below: 9 });
    assert.deepEqual(await taken(), [
      [0, "{1}.native"],
      [1, "2.native"],
      [2, "3*.native"],
    ]);
  });

  it("adds nothing of a file that can't be read to its end", async () => {
    const good = Array.from({ length: 1000 }, (_, at) => `${at},x`).join("\n");
    for (const [name, bytes, gzipped] of [
      ["bad.csv", `${good}\nnot a number,x\n`, false],
      ["half.csv", gzipSync(good).subarray(0, 500), true],
    ] as const) {
      const path = put(name, bytes);
      await assert.rejects(
        warehouse().insertFrom({ path, format: "CSV", structure, gzipped }, insert, { below: 9 }),
      );
      assert.deepEqual(await taken(), []);
    }
    const path = join(folder(), "nowhere.csv");
    await assert.rejects(
      warehouse().insertFrom({ path, format: "CSV", structure }, insert, { below: 9 }),
    );
  });
});
