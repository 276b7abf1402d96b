import { join } from "node:path";
import { openServer } from "../../shared/warehouse/server.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { startServer, type StartedServer } from "./clickhouse-server/start.ts";
import { useTempFolder } from "./temp-folder.ts";
import { useWarehouse } from "./temp-warehouse.ts";

/** A stand-in for a ClickHouse server for the tests of a `describe`. Call it in the body of the `describe`. */
export function useServer(password = ""): () => StartedServer {
  const folder = useTempFolder();
  let server: StartedServer | undefined;
  before(async () => {
    server = await startServer(join(folder(), "server"), password);
  });
  after(() => server?.stop());
  return () => server!;
}

/** A warehouse on such a server, without tables. */
export function useServerWarehouse(): () => Warehouse {
  const server = useServer();
  let warehouse: Warehouse | undefined;
  before(async () => {
    warehouse = await openServer({ url: new URL(server().url), user: "default", password: "" });
  });
  after(() => warehouse?.close());
  return () => warehouse!;
}

/** The same tests of ClickHouse in process and of a server over HTTP. */
export function describeEveryWarehouse(
  title: string,
  tests: (warehouse: () => Warehouse) => void,
): void {
  for (const [kind, use] of [
    ["embedded", useWarehouse],
    ["server", useServerWarehouse],
  ] as const) {
    describe(`${title} (${kind})`, () => {
      tests(use());
    });
  }
}
