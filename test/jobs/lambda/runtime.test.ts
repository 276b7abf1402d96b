import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { serveLambda } from "../../../jobs/lambda-runtime.ts";
import { InvalidInput } from "../../../shared/errors.ts";

describe("the runtime of Lambda", () => {
  it("hands each invocation to the handler, and posts its answer or its failure", async () => {
    const stop = new AbortController();
    const posted: [string, unknown][] = [];
    const events = [{ ok: 1 }, { ok: 0 }];
    // Lambda's side of it: gives out the events, takes the answers, and then says nothing more.
    const server = createServer((request, response) => {
      void (async () => {
        if (request.url === "/2018-06-01/runtime/invocation/next") {
          const event = events.shift();
          if (event === undefined) {
            stop.abort();
            return;
          }
          response.writeHead(200, {
            "Lambda-Runtime-Aws-Request-Id": `id-${events.length}`,
            "Lambda-Runtime-Deadline-Ms": String(Date.now() + 60_000),
          });
          response.end(JSON.stringify(event));
          return;
        }
        posted.push([request.url!.split("/invocation/")[1]!, JSON.parse(await text(request))]);
        response.writeHead(202);
        response.end("{}");
      })();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const remaining: number[] = [];
    await serveLambda(
      `127.0.0.1:${port}`,
      (event, invocation) => {
        remaining.push(invocation.getRemainingTimeInMillis());
        if ((event as { ok: number }).ok === 1) return Promise.resolve({ state: "done" });
        return Promise.reject(new InvalidInput("no"));
      },
      stop.signal,
    );
    server.closeAllConnections();
    server.close();
    assert.deepEqual(posted, [
      ["id-1/response", { state: "done" }],
      ["id-0/error", { errorMessage: "no", errorType: "InvalidInput" }],
    ]);
    assert.ok(remaining.every((ms) => ms > 0 && ms <= 60_000));
  });
});
