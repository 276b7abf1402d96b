import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate } from "../../shared/warehouse/migrate.ts";
import { quarry } from "../support/quarry.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("after the demo", () => {
  const folder = useTempFolder();
  before(async () => {
    const warehouse = await openEmbedded(join(folder(), "out/home/warehouse"));
    await migrate(warehouse);
    await warehouse.command(
      `INSERT INTO bars SELECT 's', 'S000001', toDate('2020-01-02'), toDateTime('2020-01-02 21:00:00', 'UTC'), 0, 1, 2, 1, 1.5, NULL, '', 'r', now()`,
    );
    await warehouse.close();
  });
  const run = (...args: string[]) => quarry(args, { home: "", cwd: folder() });

  it("its tables are published where nobody has others, and it is said whose they are", async () => {
    const { code, stderr } = await run("publish", "--to", "./lake");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^There is no warehouse of yours: the demo's is read, --home out\/home\./);
    assert.ok(existsSync(join(folder(), "lake/bars/metadata/v1.metadata.json")));
    assert.ok(!existsSync(join(folder(), ".quarry")));
    const asked = await run("query", "most-traded", "--param", "day=2020-01-02", "--json");
    assert.deepEqual([asked.code, asked.stdout.trim()], [0, "[]"]);
  });

  it("one's own warehouse is read, were it empty", async () => {
    mkdirSync(join(folder(), ".quarry"));
    const { code, stderr } = await run("publish", "--to", "./other");
    assert.equal(code, 1);
    assert.match(stderr, /There is nothing to publish/);
    assert.doesNotMatch(stderr, /demo/);
  });
});
