import assert from "node:assert/strict";
import { compactLedger, knownOf, readIndex } from "../../shared/backfill/ledger-index.ts";
import { putReceiptAt, type Receipt } from "../../shared/backfill/receipt.ts";
import { putRun } from "../../shared/backfill/runs.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { memoryStore } from "../support/memory-store.ts";

const base = {
  dataset: "prices",
  source: "yahoo",
  from: "2010-01-01",
  to: "2024-06-28",
  state: "done",
  reason: "",
  message: "",
  capture: null,
  files: [],
  basis: "",
  about: {},
  runId: "r1",
} satisfies Partial<Receipt>;

const put = (objects: ObjectStore, number: number, receipt: Partial<Receipt> & { key: string }) =>
  putReceiptAt(objects, { ...base, ...receipt }, number);

const run = (objects: ObjectStore, runId: string, keys: readonly string[]) =>
  putRun(objects, {
    runId,
    dataset: "prices",
    source: "yahoo",
    parameters: {},
    codeVersion: "test",
    createdAt: "2024-07-01T00:00:00Z",
    executor: "local",
    children: 1,
    slotsEach: 1,
    estimate: {},
    units: keys.map((key) => ({ key })),
  });

const known = (objects: ObjectStore, keys: readonly string[]) =>
  knownOf(objects, "prices", "yahoo", keys);

describe("the index of a ledger", () => {
  it("tells what the receipts tell, without reading them", async () => {
    const objects = memoryStore({ nowMs: 0 });
    await run(objects, "r1", ["A", "B", "BRK-B"]);
    await put(objects, 1, { key: "A" });
    await put(objects, 1, { key: "B", state: "failed", reason: "no_data", basis: "" });
    await put(objects, 1, { key: "BRK-B", from: "2020-01-01" });
    await put(objects, 2, { key: "BRK-B" });
    const direct = await known(objects, ["A", "B", "BRK-B", "NONE"]);
    await compactLedger(objects, "prices", "yahoo", new Set(["r1"]));

    const reads: string[] = [];
    const watched: ObjectStore = {
      ...objects,
      get: (key) => {
        reads.push(key);
        return objects.get(key);
      },
    };
    assert.deepEqual(await known(watched, ["A", "B", "BRK-B", "NONE"]), direct);
    assert.deepEqual(
      reads.filter((key) => key.startsWith("ledger/")),
      [],
    );
    assert.deepEqual(direct[1], {
      receipts: 1,
      told: [
        { state: "failed", from: "2010-01-01", to: "2024-06-28", reason: "no_data", basis: "" },
      ],
    });
    // Of two stretches the wider one covers the other.
    assert.deepEqual([direct[2]!.receipts, direct[2]!.told.length], [2, 1]);
    assert.deepEqual(direct[3], { receipts: 0, told: [] });
  });

  it("reads the receipts of runs that it has not seen", async () => {
    const objects = memoryStore({ nowMs: 0 });
    await run(objects, "r1", ["A", "B"]);
    await put(objects, 1, { key: "A" });
    await compactLedger(objects, "prices", "yahoo", new Set(["r1"]));
    await run(objects, "r2", ["B"]);
    await put(objects, 1, { key: "B", runId: "r2" });
    assert.deepEqual(
      (await known(objects, ["A", "B"])).map(({ receipts }) => receipts),
      [1, 1],
    );
    await compactLedger(objects, "prices", "yahoo", new Set(["r1", "r2"]));
    const index = (await readIndex(objects, "prices", "yahoo"))!;
    assert.deepEqual([index.number, [...index.runs], index.rows], [2, ["r1", "r2"], 2]);
  });

  it("of two that are written at once loses neither", async () => {
    const objects = memoryStore({ nowMs: 0 });
    for (const id of ["r1", "r2", "r3", "r4"]) {
      await run(objects, id, [id.toUpperCase()]);
      await put(objects, 1, { key: id.toUpperCase(), runId: id });
    }
    await Promise.all(
      ["r1", "r2", "r3", "r4"].map((id) =>
        compactLedger(objects, "prices", "yahoo", new Set([id])),
      ),
    );
    const index = (await readIndex(objects, "prices", "yahoo"))!;
    assert.deepEqual([...index.runs], ["r1", "r2", "r3", "r4"]);
    assert.deepEqual([...index.keys], ["R1", "R2", "R3", "R4"]);
  });
});
