import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { barLines } from "../../support/bars.ts";
import { importPrices } from "../../support/import-prices.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

// Closes that a careless parser or a detour by single precision would change.
const closes: [string, string, number][] = [
  ["BRK.B", "2024-01-02", 0.30000000000000004],
  ["BRK.B", "2024-01-03", 123.45600000000002],
  ['Q "A", x', "2024-01-02", 5e-5],
  ["ÉTOILE", "2024-01-03", 98765.4321],
];
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** As ClickHouse writes it. */
const plain = (value: number): string => (value === 5e-5 ? "0.00005" : String(value));
const expected = (rest: string): string[] =>
  closes.map(([ticker, day, close]) => `${ticker} ${day} ${rest.replaceAll("C", plain(close))}`);

describe("the same prices", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  /** Imports a file as a source of its own name and tells the bars. */
  async function barsOf(name: string, bytes: string | Buffer): Promise<string[]> {
    const file = join(folder(), name);
    writeFileSync(file, bytes);
    await importPrices(warehouse(), { files: [file], source: name });
    return barLines(warehouse(), name);
  }

  const head = "Date,Symbol,Open,High,Low,Close,Volume";
  const rows = closes.map(
    ([ticker, day, close]) => `${day},${quoted(ticker)},${close},${close},${close},${close},1e3`,
  );
  const text = [head, ...rows].join("\n");
  const asLong = expected("C C C C 1000");

  it("are the same in a long file, however it is written down", async () => {
    assert.deepEqual(await barsOf("long.csv", text), asLong);
    assert.deepEqual(
      await barsOf("crlf.csv", `\uFEFF${text.replaceAll("\n", "\r\n")}\r\n`),
      asLong,
    );
    const semicolon = [
      head.replaceAll(",", ";"),
      ...closes.map(
        ([ticker, day, close]) =>
          `"${day}";${quoted(ticker)}; ${close} ;${close};${close};${close};1000`,
      ),
    ];
    assert.deepEqual(await barsOf("semicolon.csv", semicolon.join("\n")), asLong);
    assert.deepEqual(
      await barsOf("tab.tsv", semicolon.map((line) => line.replaceAll(";", "\t")).join("\n")),
      asLong,
    );
    assert.deepEqual(await barsOf("packed.csv.gz", gzipSync(text)), asLong);
    assert.deepEqual(await barsOf("packed", gzipSync(text)), asLong);
    const other = ["volume,adj_close,ASSET,day,PRICE,low,HIGH,open,exchange"].concat(
      closes.map(
        ([ticker, day, close]) =>
          `1000,1,${quoted(ticker)},${day} 16:00:00,${close},${close},${close},${close},N`,
      ),
    );
    assert.deepEqual(await barsOf("columns.csv", other.join("\n")), asLong);
  });

  it("are the same in a wide file, but for what it has no place for", async () => {
    const tickers = [...new Set(closes.map(([ticker]) => ticker))];
    const wide = (empty: string): string =>
      [
        `,${tickers.map(quoted).join(",")}`,
        ...["2024-01-02", "2024-01-03"].map((day) =>
          [
            day,
            ...tickers.map((ticker) =>
              String(closes.find(([t, d]) => t === ticker && d === day)?.[2] ?? empty),
            ),
          ].join(","),
        ),
      ].join("\n");
    assert.deepEqual(await barsOf("wide.csv", wide("")), expected("- - - C -"));
    assert.deepEqual(await barsOf("nan.csv", wide("NaN")), expected("- - - C -"));
  });

  it("are the same in Parquet, long and wide, days as dates, times, text or numbers", async () => {
    const place = (name: string): string =>
      `INSERT INTO FUNCTION file('${join(folder(), name)}', 'Parquet')`;
    const pairs =
      "arrayJoin(arrayZip({tickers:Array(String)}, {days:Array(Date)}, {closes:Array(Float64)})) AS p";
    const bound = {
      tickers: closes.map(([ticker]) => ticker),
      days: closes.map(([, day]) => day),
      closes: closes.map(([, , close]) => close),
    };
    for (const [name, day] of [
      ["date", "p.2"],
      ["time", "toDateTime64(p.2, 6, 'UTC') + INTERVAL 16 HOUR"],
      ["text", "toString(p.2)"],
      ["number", "toYYYYMMDD(p.2)"],
    ] as const) {
      await warehouse().command(
        `${place(`${name}.parquet`)} SELECT ${day} AS date, p.1 AS ticker, p.3 AS open, p.3 AS high, p.3 AS low, p.3 AS close,
           toInt32(1000) AS volume FROM (SELECT ${pairs})`,
        bound,
      );
      await importPrices(warehouse(), { files: [join(folder(), `${name}.parquet`)], source: name });
      assert.deepEqual(await barLines(warehouse(), name), asLong, name);
    }
    await warehouse().command(
      `${place("wide.parquet")} SELECT p.2 AS Date, maxIf(toNullable(p.3), p.1 = 'BRK.B') AS "BRK.B", maxIf(toNullable(p.3), p.1 = 'Q "A", x') AS "Q ""A"", x",
         maxIf(toNullable(p.3), p.1 = 'ÉTOILE') AS "ÉTOILE" FROM (SELECT ${pairs}) GROUP BY Date ORDER BY Date`,
      bound,
    );
    await importPrices(warehouse(), { files: [join(folder(), "wide.parquet")], source: "pwide" });
    assert.deepEqual(await barLines(warehouse(), "pwide"), expected("- - - C -"));
  });

  it("keep their rows' numbers in Parquet of many row groups", async () => {
    const file = join(folder(), "groups.parquet");
    // Row n (from 0) is line n + 2, and every 499th is bad and tells its line.
    await warehouse().command(
      `INSERT INTO FUNCTION file('${file}', 'Parquet')
       SELECT toDate('2024-01-02') AS date, concat('T', toString(number % 50)) AS ticker,
         if(number % 499 = 3, -toFloat64(number + 2), 10.) AS close
       FROM numbers(120000) SETTINGS output_format_parquet_row_group_size = 4000`,
    );
    await importPrices(warehouse(), { files: [file], source: "groups", lossBudget: 1 });
    const [wrong] = await warehouse().rows(
      `SELECT countIf(concat('-', toString(line)) != splitByChar(',', record)[3]) AS wrong, count() AS rows
       FROM quarantine FINAL WHERE source = 'groups'`,
    );
    assert.deepEqual(wrong, { wrong: 0, rows: 241 }); // 3 + 499 * 240 = 119,763 is the last
  });

  it("of total return take all prices by the adjusted close, and no more than that", async () => {
    const adjusted = [
      "Date,Ticker,Open,High,Low,Close,Adj Close,Volume",
      "2024-01-02,A,10,12,8,10,5,100", // half of all
      "2024-01-03,A,10,12,8,10,,100", // no adjusted close is no close
      "2024-01-04,A,10,12,8,10,10,100",
    ].join("\n");
    const file = join(folder(), "adjusted.csv");
    writeFileSync(file, adjusted);
    const args = { files: [file], lossBudget: 1 } as const;
    await importPrices(warehouse(), { ...args, source: "tr", basis: "total-return" });
    assert.deepEqual(await barLines(warehouse(), "tr"), [
      "A 2024-01-02 5 6 4 5 100",
      "A 2024-01-04 10 12 8 10 100",
    ]);
    const plain = ["02", "03", "04"].map((day) => `A 2024-01-${day} 10 12 8 10 100`);
    for (const basis of ["raw", "split-adjusted"] as const) {
      await importPrices(warehouse(), { ...args, source: basis, basis });
      assert.deepEqual(await barLines(warehouse(), basis), plain);
    }
  });
});
