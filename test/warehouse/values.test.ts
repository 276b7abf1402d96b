import assert from "node:assert/strict";
import fc from "fast-check";
import { describeEveryWarehouse } from "../support/every-warehouse.ts";

const awkward = "q' \\ \" \t\n\r\b\0 ` {x:String} \\N %41 + & = ? # é😀 ; -- /* ";

describeEveryWarehouse("values bound to a statement", (warehouse) => {
  it("arrive as they were sent", async () => {
    const words = ["'a'", "b\\c", "d\te\nf", "", "é😀", ",", "\\'", "]", "NULL", awkward];
    const [row] = await warehouse().rows(
      `SELECT {text:String} AS text, {words:Array(String)} AS words, {none:Array(String)} AS none,
         {null:Nullable(Int32)} AS null, {number:Float64} AS number, {small:Float64} AS small, {int:Int64} AS int,
         toString({big:UInt64}) AS big, {yes:Bool} AS yes, {no:Bool} AS no, {day:Date} AS day,
         {numbers:Array(Float64)} AS numbers, {time:DateTime64(3, 'UTC')} AS time`,
      {
        text: awkward,
        words,
        none: [],
        null: null,
        number: 0.1 + 0.2,
        small: 5e-324,
        int: -5,
        big: 18_446_744_073_709_551_615n,
        yes: true,
        no: false,
        day: "2024-02-29",
        numbers: [0.1, -1.5, 0],
        time: new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 987)),
      },
    );
    assert.deepEqual(row, {
      text: awkward,
      words,
      none: [],
      null: null,
      number: 0.30000000000000004,
      small: 5e-324,
      int: -5,
      big: "18446744073709551615",
      yes: true,
      no: false,
      day: "2024-02-29",
      numbers: [0.1, -1.5, 0],
      time: "2024-02-29 23:59:59.987",
    });
  });

  it("are never read as a part of the statement", async () => {
    await warehouse().command("CREATE TABLE victim (s String) ENGINE = Memory");
    const attack = "'; DROP TABLE victim; --";
    await warehouse().command("INSERT INTO victim SELECT {attack:String}", { attack });
    const [row] = await warehouse().rows<{ s: string }>(
      "SELECT s FROM victim WHERE s = {attack:String} AND s IN {list:Array(String)}",
      { attack, list: ["\\", attack, "')"] },
    );
    assert.equal(row?.s, attack);
    await warehouse().command("DROP TABLE victim");
  });

  it("keep any text whatever", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 5 }), async (one, many) => {
        const [row] = await warehouse().rows(
          "SELECT {one:String} AS one, {many:Array(String)} AS many",
          { one, many },
        );
        assert.deepEqual(row, { one, many });
      }),
      { numRuns: 40 },
    );
  });

  it("are refused where they are not of the type", async () => {
    await assert.rejects(
      warehouse().rows("SELECT {n:Int32} AS n", { n: "1; DROP TABLE x" }),
      /cannot be parsed as Int32/,
    );
    await assert.rejects(warehouse().rows("SELECT {n:Int32} AS n"), /Substitution `n` is not set/);
  });

  // JavaScript's own parser rounds correctly (ECMA-262, StringToNumber): it is the measure here.
  it("that are decimals of 17 digits are read to the last bit", async () => {
    const decimals = fc
      .tuple(
        fc.bigInt({ min: 10n ** 16n, max: 10n ** 17n - 1n }),
        fc.integer({ min: -12, max: 12 }),
      )
      .map(([digits, exponent]) => `${digits}e${exponent}`);
    await fc.assert(
      fc.asyncProperty(fc.array(decimals, { minLength: 50, maxLength: 50 }), async (texts) => {
        const rows = await warehouse().rows<{ read: number }>(
          "SELECT toFloat64OrNull(arrayJoin({texts:Array(String)})) AS read",
          { texts },
        );
        assert.deepEqual(
          rows.map(({ read }) => read),
          texts.map(Number),
        );
      }),
      { numRuns: 10 },
    );
  });

  it("that ClickHouse's quick parser gets wrong are read right", async () => {
    // 0.1 + 0.2 and its neighbour, and a price of an adjusted series.
    const texts = [
      "0.30000000000000004",
      "0.30000000000000005",
      "123.45600000000002",
      "9007199254740993",
    ];
    const rows = await warehouse().rows<{ v: number }>(
      "SELECT toFloat64(arrayJoin({texts:Array(String)})) AS v",
      { texts },
    );
    assert.deepEqual(
      rows.map(({ v }) => v),
      [0.30000000000000004, 0.30000000000000004, 123.45600000000002, 9007199254740992],
    );
  });
});
