import assert from "node:assert/strict";
import fc from "fast-check";
import type { Block } from "../../../shared/warehouse/native/column.ts";
import { coded, numbers } from "../../../shared/warehouse/native/column.ts";
import { readNative } from "../../../shared/warehouse/native/reader.ts";
import { encodeNative } from "../../../shared/warehouse/native/writer.ts";
import { collect } from "../../support/collect.ts";
import { cutAt } from "./bytes.ts";

const two = Buffer.concat([
  encodeNative([
    { name: "n", type: "Int32", values: Int32Array.of(-1, 2, 3) },
    { name: "s", type: "String", text: ["", "é", "x".repeat(200)] },
    { name: "d", type: "LowCardinality(String)", dictionary: ["A"], codes: Uint8Array.of(0, 0, 0) },
  ]),
  encodeNative([
    { name: "n", type: "Int32", values: Int32Array.of(4) },
    { name: "s", type: "String", text: ["y"] },
    { name: "d", type: "LowCardinality(String)", dictionary: ["B"], codes: Uint8Array.of(0) },
  ]),
]);

async function blocksOf(bytes: Buffer, places: readonly number[] = []): Promise<Block[]> {
  return collect(readNative(cutAt(bytes, places)));
}

describe("readNative", () => {
  it("reads the same blocks however the bytes are cut", async () => {
    const whole = await blocksOf(two);
    assert.deepEqual(
      whole.map(({ rows }) => rows),
      [3, 1],
    );
    assert.deepEqual(whole[0]!.columns["n"], { kind: "number", values: Int32Array.of(-1, 2, 3) });
    assert.deepEqual(coded(whole[1]!, "d"), {
      kind: "coded",
      dictionary: ["B"],
      codes: Uint8Array.of(0),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: two.length }), { maxLength: 12 }),
        async (places) => {
          assert.deepEqual(await blocksOf(two, places), whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("reads one byte at a time", async () => {
    const everywhere = Array.from({ length: two.length }, (_, at) => at);
    assert.deepEqual(await blocksOf(two, everywhere), await blocksOf(two));
  });

  it("keeps what it gave when later bytes come", async () => {
    const given: number[][] = [];
    const held: Block[] = [];
    for await (const block of readNative(cutAt(two, [40, 90]))) {
      held.push(block);
      given.push([...numbers(block, "n")]);
    }
    assert.deepEqual(
      held.map((block) => [...numbers(block, "n")]),
      given,
    );
  });

  it("is nothing where no bytes come, and where a block has no rows", async () => {
    assert.deepEqual(await blocksOf(Buffer.alloc(0)), []);
    const empty = encodeNative([{ name: "n", type: "Int32", values: new Int32Array() }]);
    assert.deepEqual(await blocksOf(Buffer.concat([empty, empty])), []);
  });

  it("fails on a result that ends in the middle of a block, wherever that is", async () => {
    const first = encodeNative([{ name: "n", type: "Int32", values: Int32Array.of(1, 2) }]);
    for (let length = 1; length < first.length; length++) {
      await assert.rejects(blocksOf(first.subarray(0, length)), /ended in the middle of a block/);
    }
  });

  it("says which column is not what was asked for", async () => {
    const [block] = await blocksOf(two);
    assert.throws(() => numbers(block!, "s"), /Column s: expected numbers, got text/);
    assert.throws(() => coded(block!, "n"), /Column n: expected codes, got number/);
    assert.throws(() => numbers(block!, "nowhere"), /Column nowhere: .* got no such column/);
  });
});
