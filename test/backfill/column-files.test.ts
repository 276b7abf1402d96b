import assert from "node:assert/strict";
import { join } from "node:path";
import { columnFileKey, putColumnFile } from "../../shared/backfill/column-files.ts";
import { contentHash, fileStore } from "../../shared/objects/file-store.ts";
import { readNative } from "../../shared/warehouse/native/reader.ts";
import type { WriteColumn } from "../../shared/warehouse/native/writer.ts";
import { keysOf } from "../objects/object-store-contract.ts";
import { collect } from "../support/collect.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("column files", () => {
  const folder = useTempFolder();
  const columns: readonly WriteColumn[] = [
    {
      name: "symbol",
      type: "LowCardinality(String)",
      dictionary: ["AAPL"],
      codes: new Uint8Array(3),
    },
    { name: "day", type: "Date", values: Uint16Array.of(19_724, 19_725, 19_726) },
    { name: "close", type: "Nullable(Float64)", values: Float64Array.of(185.64, NaN, 181.91) },
  ];

  it("are named by the hash of their bytes, once, and hold the columns", async () => {
    const objects = fileStore(join(folder(), "once"));
    const file = await putColumnFile(objects, "prices", "bars", columns);
    assert.deepEqual(await putColumnFile(objects, "prices", "bars", columns), file);
    assert.deepEqual([file.table, file.rows], ["bars", 3]);
    const key = columnFileKey("prices", file.hash);
    assert.equal(key, `columns/prices/${file.hash.slice(0, 2)}/${file.hash}.native`);
    assert.deepEqual(await keysOf(objects, ""), [key]);
    const bytes = (await objects.get(key))!;
    assert.equal(contentHash(bytes), file.hash);

    const chunks = (async function* () {
      yield await Promise.resolve(bytes);
    })();
    const blocks = await collect(readNative(chunks));
    assert.equal(blocks.length, 1);
    assert.deepEqual(blocks[0], {
      rows: 3,
      columns: {
        symbol: { kind: "coded", dictionary: ["AAPL"], codes: new Uint8Array(3) },
        day: { kind: "number", values: Uint16Array.of(19_724, 19_725, 19_726) },
        close: { kind: "number", values: Float64Array.of(185.64, NaN, 181.91) },
      },
    });
  });

  it("of other values are other files; of no rows there is one too", async () => {
    const objects = fileStore(join(folder(), "others"));
    const file = await putColumnFile(objects, "prices", "bars", columns);
    const changed = columns.with(1, {
      name: "day",
      type: "Date",
      values: Uint16Array.of(19_724, 19_725, 19_727),
    });
    assert.notEqual((await putColumnFile(objects, "prices", "bars", changed)).hash, file.hash);
    const none = [{ name: "value", type: "Float64", values: new Float64Array() }] as const;
    assert.equal((await putColumnFile(objects, "prices", "corporate_actions", none)).rows, 0);
    assert.equal((await keysOf(objects, "columns/prices/")).length, 3);
  });
});
