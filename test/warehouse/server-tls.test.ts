import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SourceUnavailable } from "../../shared/errors.ts";
import { openServer } from "../../shared/warehouse/server.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("a server whose authority is one's own", () => {
  const folder = useTempFolder();

  it("is reached by who has the authority's certificate, and by nobody else", async function () {
    const made = spawnSync(
      "openssl",
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=localhost",
        ],
        ...["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"],
      ],
      { cwd: folder() },
    );
    // Mocha's skip takes no reason: there is no openssl here.
    if (made.status !== 0) this.skip();
    const read = (name: string): string => readFileSync(join(folder(), name), "utf8");
    const server = createServer({ key: read("key.pem"), cert: read("cert.pem") }, (_, response) => {
      response.end("1\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
    const options = { url, user: "writer", password: "p" };
    try {
      const warehouse = await openServer({ ...options, certificate: read("cert.pem") });
      assert.equal(warehouse.location, `${url.origin}/default`);
      await warehouse.close();
      await assert.rejects(openServer(options), {
        constructor: SourceUnavailable,
        message: /self-signed certificate/,
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
