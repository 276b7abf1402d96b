import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { putReceipt, receiptsOf, type Receipt } from "../../shared/backfill/receipt.ts";
import { MalformedRecord } from "../../shared/errors.ts";
import { fileStore } from "../../shared/objects/file-store.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { keysOf } from "../objects/object-store-contract.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const receipt: Omit<Receipt, "version"> = {
  dataset: "prices",
  source: "yahoo",
  key: "AAPL",
  from: "2020-01-01",
  to: "2024-03-08",
  state: "done",
  reason: "",
  message: "",
  capture: {
    hash: "ab".repeat(32),
    url: "http://127.0.0.1/v8/finance/chart/AAPL?period1=0",
    fetchedAt: "2024-03-08T22:00:00.000Z",
    status: 200,
    byteLength: 12_345,
  },
  files: [{ table: "bars", hash: "cd".repeat(32), rows: 1054 }],
  basis: "",
  about: { name: "Apple Inc.", first_trade: "1980-12-12", gaps: 0, last_bar: null },
  runId: "run1",
};

describe("receipts", () => {
  const folder = useTempFolder();
  let places = 0;
  const open = (): ObjectStore => fileStore(join(folder(), `store-${++places}`));
  const all = (objects: ObjectStore, key = "AAPL"): Promise<Receipt[]> =>
    receiptsOf(objects, "prices", "yahoo", key);

  it("come back as they were written, oldest first", async () => {
    const objects = open();
    assert.deepEqual(await all(objects), []);
    const failed = { ...receipt, state: "failed" as const, reason: "empty_reply", capture: null };
    await putReceipt(objects, failed);
    await putReceipt(objects, receipt);
    assert.deepEqual(await all(objects), [
      { version: 1, ...failed },
      { version: 1, ...receipt },
    ]);
    const ledger = ["ledger/prices/yahoo/AAPL/000001.json", "ledger/prices/yahoo/AAPL/000002.json"];
    assert.deepEqual(await keysOf(objects, ""), ledger);
  });

  it("go on after the highest number, beyond nine and also where one is missing", async () => {
    const objects = open();
    for (let at = 1; at <= 12; at++) await putReceipt(objects, { ...receipt, runId: `run${at}` });
    const runs = (await all(objects)).map(({ runId }) => runId);
    assert.deepEqual(
      runs,
      Array.from({ length: 12 }, (_, at) => `run${at + 1}`),
    );
    await objects.putIfAbsent("ledger/prices/yahoo/AAPL/000020.json", Buffer.from("{}"));
    await putReceipt(objects, receipt);
    assert.equal((await keysOf(objects, "")).at(-1), "ledger/prices/yahoo/AAPL/000021.json");
  });

  it("of concurrent writers are all kept", async () => {
    const objects = open();
    await Promise.all(
      Array.from({ length: 12 }, (_, at) => putReceipt(objects, { ...receipt, runId: `run${at}` })),
    );
    const runs = (await all(objects)).map(({ runId }) => runId);
    assert.equal(new Set(runs).size, 12);
    assert.equal((await keysOf(objects, "")).at(-1), "ledger/prices/yahoo/AAPL/000012.json");
  });

  it("are kept apart by dataset, source and key, one of which begins like another", async () => {
    const objects = open();
    for (const key of ["A", "AA", "AA-B", "AA.B"]) await putReceipt(objects, { ...receipt, key });
    await putReceipt(objects, { ...receipt, key: "A", source: "simulated" });
    await putReceipt(objects, { ...receipt, key: "A", dataset: "facts" });
    for (const key of ["A", "AA", "AA-B", "AA.B"]) {
      assert.deepEqual(
        (await all(objects, key)).map((one) => [one.key, one.source, one.dataset]),
        [[key, "yahoo", "prices"]],
      );
    }
  });

  it("are kept of symbols that no file could be named by", async () => {
    const objects = open();
    const symbols = ["^GSPC", "BRK/B", "EURUSD=X", "BRK B", "A%2FB", "Ä", "a=2Fb"];
    for (const key of symbols) await putReceipt(objects, { ...receipt, key });
    for (const key of symbols) {
      assert.deepEqual(
        (await all(objects, key)).map((one) => one.key),
        [key],
      );
    }
    const keys = await keysOf(objects, "ledger/prices/yahoo/");
    assert.ok(keys.includes("ledger/prices/yahoo/=5EGSPC/000001.json"));
    assert.ok(keys.includes("ledger/prices/yahoo/BRK=2FB/000001.json"));
    assert.equal(keys.length, symbols.length);
  });

  it("of any two symbols never share a place", async () => {
    const symbol = fc
      .stringMatching(/^[A-C^/=. -][A-C^/=. -]{0,3}$/)
      .filter((one) => !/^\.\.?$/.test(one));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(symbol, { maxLength: 6 }), async (symbols) => {
        const objects = open();
        for (const key of symbols) await putReceipt(objects, { ...receipt, key });
        for (const key of symbols) {
          assert.deepEqual(
            (await all(objects, key)).map((one) => one.key),
            [key],
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it("of a newer version, or of none, are refused by name", async () => {
    for (const text of [
      JSON.stringify({ ...receipt, version: 2 }),
      JSON.stringify(receipt),
      "{}",
    ]) {
      const objects = open();
      await objects.putIfAbsent("ledger/prices/yahoo/AAPL/000001.json", Buffer.from(text));
      await assert.rejects(all(objects), {
        constructor: MalformedRecord,
        message: /^ledger\/prices\/yahoo\/AAPL\/000001\.json: expected a receipt of version 1: /,
      });
    }
  });
});
