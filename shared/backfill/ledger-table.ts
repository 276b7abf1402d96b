import type { ObjectStore } from "../objects/object-store.ts";
import { insertColumns } from "../warehouse/insert-columns.ts";
import { createStaging, publish } from "../warehouse/publish.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { readIndex } from "./ledger-index.ts";

/**
 * Writes what the ledger's index holds of a dataset and source into the table `ledger`, in the place of what it held of them,
 * in one step.
 *
 * @param runId after which this is done
 */
export async function writeLedgerTable(
  warehouse: Warehouse,
  objects: ObjectStore,
  dataset: string,
  source: string,
  runId: string,
): Promise<void> {
  const index = await readIndex(objects, dataset, source);
  if (index === undefined || index.rows === 0) return;
  const { rows } = index;
  const same = (name: string, text: string) =>
    ({
      name,
      type: "LowCardinality(String)",
      dictionary: [text],
      codes: new Uint8Array(rows),
    }) as const;
  const some = (name: string, dictionary: readonly string[], codes: ArrayLike<number>) =>
    ({ name, type: "LowCardinality(String)", dictionary, codes: Uint32Array.from(codes) }) as const;
  const token = `${runId}ledger`;
  const staging = await createStaging(warehouse, "ledger", token);
  await insertColumns(warehouse, staging, [
    same("dataset", dataset),
    same("source", source),
    some("key", index.keys, index.keyOf),
    some("state", ["failed", "done"], index.done),
    { name: "from_day", type: "Date", values: index.from },
    { name: "to_day", type: "Date", values: index.to },
    some("reason", index.reasons, index.reasonOf),
    some("basis", index.bases, index.basisOf),
    { name: "receipts", type: "UInt16", values: index.receipts },
    same("run_id", runId),
  ]);
  await publish(warehouse, "ledger", token);
}
