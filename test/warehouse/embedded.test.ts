import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Busy } from "../../shared/errors.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { quarry } from "../support/quarry.ts";
import { useTempFolder } from "../support/temp-folder.ts";
import { useWarehouse } from "../support/temp-warehouse.ts";

describe("openEmbedded", () => {
  const folder = useTempFolder();
  let opened: Warehouse | undefined;

  async function open(path: string): Promise<Warehouse> {
    opened = await openEmbedded(path);
    return opened;
  }
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  /** A folder whose last holder left its name. */
  function heldBy(name: string, pid: number): string {
    const path = join(folder(), name);
    mkdirSync(path);
    writeFileSync(join(path, "holder.json"), JSON.stringify({ pid, since: "2026-01-01" }));
    return path;
  }

  it("tells a second process in one line, with exit code 75", async () => {
    const home = join(folder(), "shared");
    const warehouse = await open(join(home, "warehouse"));
    const second = await quarry(["query", "SELECT 1"], { home });
    assert.equal(second.code, 75);
    assert.equal(second.stdout, "");
    assert.match(
      second.stderr,
      new RegExp(
        `^quarry: The warehouse in .* is in use by process ${process.pid} since [^\\n]+\\n$`,
      ),
    );
    // The first goes on undisturbed, and when it is done the second may.
    assert.deepEqual(await warehouse.rows("SELECT 1 AS one"), [{ one: 1 }]);
    await warehouse.close();
    const third = await quarry(["query", "SELECT 1 AS one", "--json"], { home });
    assert.deepEqual(
      [third.code, third.stdout, third.stderr],
      [0, '[\n  {\n    "one": 1\n  }\n]\n', ""],
    );
  });

  it("tells it also where nobody's name is written down", async () => {
    const home = join(folder(), "nameless");
    const path = join(home, "warehouse");
    await open(path);
    writeFileSync(join(path, "holder.json"), "not JSON");
    const second = await quarry(["query", "SELECT 1"], { home });
    assert.equal(second.code, 75);
    // ClickHouse itself may have said so before, on a line of its own.
    assert.match(
      second.stderr,
      /^(Code: 76[^\n]+\n)?quarry: The warehouse in .* is in use by another process; [^\n]+\n$/,
    );
  });

  it("opens what a process that is dead left held", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const warehouse = await open(heldBy("dead", pid));
    assert.deepEqual(await warehouse.rows("SELECT 1 AS one"), [{ one: 1 }]);
  });

  it("is Busy where the holder lives, and names it", async () => {
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      await assert.rejects(open(heldBy("alive", holder.pid!)), (thrown) => {
        assert.ok(thrown instanceof Busy);
        assert.match(thrown.message, new RegExp(`process ${holder.pid!} since 2026-01-01`));
        return true;
      });
    } finally {
      holder.kill();
    }
  });

  it("opens what another program's number stands on by now", async function () {
    if (!existsSync("/proc/self/cmdline")) this.skip();
    const other = spawn("sleep", ["60"]);
    try {
      const warehouse = await open(heldBy("reused", other.pid!));
      assert.deepEqual(await warehouse.rows("SELECT 1 AS one"), [{ one: 1 }]);
    } finally {
      other.kill();
    }
  });

  it("writes down who holds it, and takes that back", async () => {
    const path = join(folder(), "own");
    const warehouse = await open(path);
    const holder = JSON.parse(readFileSync(join(path, "holder.json"), "utf8")) as { pid: number };
    assert.equal(holder.pid, process.pid);
    await warehouse.close();
    assert.ok(!existsSync(join(path, "holder.json")));
  });

  it("keeps what was written over a close", async () => {
    const path = join(folder(), "kept");
    const first = await open(path);
    await first.command("CREATE TABLE kept (n Int8) ENGINE = MergeTree ORDER BY n");
    await first.command("INSERT INTO kept SELECT 7");
    await first.close();
    const second = await open(path);
    assert.deepEqual(await second.rows("SELECT n FROM kept"), [{ n: 7 }]);
  });
});

describe("a guest's statement in process", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  it("may write no file", async () => {
    const path = join(folder(), "out.csv");
    for (const sql of [
      `SELECT 1 INTO OUTFILE '${path}'`,
      `select 1 into  /* x */ outfile '${path}'`,
      `SELECT 1 INTO -- x\nOUTFILE '${path}'`,
    ]) {
      await assert.rejects(warehouse().readOnlyRows(sql), /INTO OUTFILE is refused/);
    }
    assert.ok(!existsSync(path));
    const [row] = await warehouse().readOnlyRows(
      "SELECT 'it''s put INTO OUTFILE' AS s -- into outfile",
    );
    assert.deepEqual(row, { s: "it's put INTO OUTFILE" });
  });
});
