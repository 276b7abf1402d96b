import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../env.ts";
import { migrate } from "./migrate.ts";
import type { Warehouse } from "./warehouse.ts";

/** The folder of the embedded warehouse. */
function embeddedFolder(settings: Settings): string {
  return join(settings.text("home"), "warehouse");
}

/** True when a warehouse is configured or was made here before. */
export function hasWarehouse(settings: Settings): boolean {
  return settings.get("clickhouseUrl") !== undefined || existsSync(embeddedFolder(settings));
}

/**
 * Opens the warehouse that the configuration names, with its tables brought up to date: the server of `CLICKHOUSE_URL`,
 * else ClickHouse in process under `QUARRY_HOME`.
 *
 * @throws Busy when another process holds the embedded one
 * @throws SourceUnavailable when the server does not answer
 */
export async function openWarehouse(settings: Settings): Promise<Warehouse> {
  const warehouse = await connect(settings);
  try {
    await migrate(warehouse);
  } catch (thrown) {
    await warehouse.close();
    throw thrown;
  }
  return warehouse;
}

async function connect(settings: Settings): Promise<Warehouse> {
  if (settings.get("clickhouseUrl") === undefined) {
    const { openEmbedded } = await import("./embedded.ts");
    return openEmbedded(embeddedFolder(settings));
  }
  const { openServer } = await import("./server.ts");
  return openServer({
    url: settings.url("clickhouseUrl"),
    user: settings.text("clickhouseUser"),
    password: settings.text("clickhousePassword"),
    certificate: settings.get("clickhouseCertificate"),
  });
}
