import { join } from "node:path";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate } from "../../shared/warehouse/migrate.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { useTempFolder } from "./temp-folder.ts";

/**
 * An empty embedded warehouse for the tests of a `describe`, closed and gone after them. Call it in the body of the
 * `describe`. ClickHouse holds one folder a process at a time, so two of them can't be open at once.
 */
export function useWarehouse(): () => Warehouse {
  const folder = useTempFolder();
  let warehouse: Warehouse | undefined;
  before(async () => {
    warehouse = await openEmbedded(join(folder(), "warehouse"));
    await migrate(warehouse);
  });
  after(() => warehouse?.close());
  return () => warehouse!;
}
