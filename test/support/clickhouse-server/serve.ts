import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Session } from "chdb";
import { answer } from "./answer.ts";

// A stand-in for a ClickHouse server: enough of its HTTP interface for @clickhouse/client, over ClickHouse in process.
// It proves that our side of the protocol is right as documented (https://clickhouse.com/docs/interfaces/http), not that
// every version of the server agrees.

const [folder = "", password = ""] = process.argv.slice(2);
// Keeps the data directory open between requests, each of which has a session of its own.
const keeper = new Session(folder);
// The query and its parameters travel in the address: ClickHouse's http_max_uri_size is 1 MiB.
const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
  void answer(request, response, { folder, password });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => {
  server.closeAllConnections();
  server.close();
  keeper.close();
});
