import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SourceRejected, SourceUnavailable } from "../../shared/errors.ts";
import { openServer } from "../../shared/warehouse/server.ts";
import { useServer } from "../support/every-warehouse.ts";
import { quarry } from "../support/quarry.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("openServer", () => {
  const server = useServer("secret");
  const folder = useTempFolder();

  it("says where it is without the password", async () => {
    const url = new URL(`${server().url}/default`);
    const warehouse = await openServer({ url, user: "default", password: "secret" });
    assert.equal(warehouse.location, `${server().url}/default`);
    assert.equal(warehouse.kind, "server");
    await warehouse.close();
  });

  it("refuses a wrong password as a matter of configuration", async () => {
    const url = new URL(server().url);
    await assert.rejects(openServer({ url, user: "default", password: "wrong" }), (thrown) => {
      assert.ok(thrown instanceof SourceRejected);
      assert.match(thrown.message, /refuses user "default": check CLICKHOUSE_USER/);
      return true;
    });
  });

  it("asks to try again later where nobody answers", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const url = new URL(`http://127.0.0.1:${port}`);
    await assert.rejects(openServer({ url, user: "default", password: "" }), (thrown) => {
      assert.ok(thrown instanceof SourceUnavailable);
      assert.match(thrown.message, /No ClickHouse answers at http:\/\/127\.0\.0\.1:\d+\/default/);
      return true;
    });
  });

  it("says nothing on stderr but what went wrong, in one line", async () => {
    const environment = { CLICKHOUSE_URL: server().url, CLICKHOUSE_PASSWORD: "secret" };
    const home = join(folder(), "unused");
    const good = await quarry(["query", "SELECT 1 AS one", "--json"], { home, environment });
    assert.deepEqual([good.code, good.stderr, JSON.parse(good.stdout)], [0, "", [{ one: 1 }]]);
    const bad = await quarry(["query", "SELECT * FROM nowhere"], { home, environment });
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /^quarry: ClickHouse can't run that: [^\n]*nowhere[^\n]*\n$/);
    const wrong = { ...environment, CLICKHOUSE_PASSWORD: "wrong" };
    const refused = await quarry(["query", "SELECT 1"], { home, environment: wrong });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^quarry: ClickHouse at [^\n]+\n$/);
    assert.ok(!refused.stderr.includes("wrong"));
  });
});
