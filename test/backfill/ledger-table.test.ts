import assert from "node:assert/strict";
import { compactLedger } from "../../shared/backfill/ledger-index.ts";
import { writeLedgerTable } from "../../shared/backfill/ledger-table.ts";
import { putReceipt, type Receipt } from "../../shared/backfill/receipt.ts";
import { putRun } from "../../shared/backfill/runs.ts";
import { memoryStore } from "../support/memory-store.ts";
import { passingTables } from "../support/tables.ts";
import { useWarehouse } from "../support/temp-warehouse.ts";

describe("the table of the ledger", () => {
  const warehouse = useWarehouse();
  const objects = memoryStore({ nowMs: 0 });

  const bought = async (
    dataset: string,
    runId: string,
    receipts: readonly (Partial<Receipt> & { key: string })[],
  ): Promise<void> => {
    await putRun(objects, {
      runId,
      dataset,
      source: "vendor",
      parameters: {},
      codeVersion: "test",
      createdAt: "2024-07-01T00:00:00Z",
      executor: "local",
      children: 1,
      slotsEach: 1,
      estimate: {},
      units: receipts.map(({ key }) => ({ key })),
    });
    for (const receipt of receipts) {
      await putReceipt(objects, {
        dataset,
        source: "vendor",
        from: "2010-01-01",
        to: "2024-06-28",
        state: "done",
        reason: "",
        message: "",
        capture: null,
        files: [],
        basis: "",
        about: {},
        runId,
        ...receipt,
      });
    }
    await compactLedger(objects, dataset, "vendor", new Set([runId]));
    await writeLedgerTable(warehouse(), objects, dataset, "vendor", runId);
  };
  const lines = async (): Promise<string[]> => {
    const rows = await warehouse().rows<{ line: string }>(
      `SELECT concat(dataset, ' ', key, ' ', state, ' ', toString(from_day), ' ', toString(to_day), ' ', reason, ' ', basis,
         ' ', toString(receipts), ' ', run_id) AS line FROM ledger ORDER BY dataset, key, from_day`,
    );
    return rows.map(({ line }) => line);
  };

  it("says what the receipts say, and is made anew by each run", async () => {
    await bought("prices", "r1", [{ key: "B", state: "failed", reason: "no_data" }, { key: "A" }]);
    await bought("factor_values", "r2", [{ key: "mom", basis: "abc" }]);
    assert.deepEqual(await lines(), [
      "factor_values mom done 2010-01-01 2024-06-28  abc 1 r2",
      "prices A done 2010-01-01 2024-06-28   1 r1",
      "prices B failed 2010-01-01 2024-06-28 no_data  1 r1",
    ]);
    await bought("prices", "r3", [{ key: "B" }]);
    assert.deepEqual(await lines(), [
      "factor_values mom done 2010-01-01 2024-06-28  abc 1 r2",
      "prices A done 2010-01-01 2024-06-28   1 r3",
      "prices B done 2010-01-01 2024-06-28   2 r3",
    ]);
    assert.deepEqual(await passingTables(warehouse()), []);
  });

  it("has a row again after it was lost", async () => {
    await warehouse().command("TRUNCATE TABLE ledger");
    await writeLedgerTable(warehouse(), objects, "prices", "vendor", "r4");
    assert.equal((await lines()).length, 2);
  });
});
