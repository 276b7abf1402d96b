import assert from "node:assert/strict";
import { join } from "node:path";
import { once } from "node:events";
import { lines } from "../../support/import-prices.ts";
import { oldNode } from "../../support/old-node.ts";
import { quarry, startQuarry, type Outcome, type QuarryOptions } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("Ctrl-C during an import", () => {
  const folder = useTempFolder();
  const files = 40;

  function arguments_(): string[] {
    const paths = Array.from({ length: files }, (_, at) =>
      lines(folder(), `${at}.csv`, ["date,ticker,close", `2024-01-02,T${at},10`]),
    );
    return ["import", "prices", ...paths, "--source", "v", "--basis", "raw"];
  }

  /** Runs the import, and interrupts it when a quarter of the files is read. */
  async function interrupted(
    options: QuarryOptions,
    interrupt: (pid: number) => void,
  ): Promise<Outcome> {
    const { child, outcome } = startQuarry(arguments_(), options);
    let seen = "";
    while (!seen.includes(`read files: ${files / 4} of ${files}`)) {
      const [chunk] = (await once(child.stderr!, "data")) as [string];
      seen += chunk;
    }
    interrupt(child.pid!);
    return outcome;
  }

  /** Exit code 130, one sentence after the lines of progress, and a warehouse that opens with nothing of it. */
  async function assertStopped({ code, stdout, stderr }: Outcome, home: string): Promise<void> {
    assert.equal(code, 130, stderr);
    assert.equal(stdout, "");
    const said = stderr
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("  read files"));
    assert.deepEqual(said, [
      "quarry: stopped; what was done is kept, and the same command goes on from there.",
    ]);
    const query =
      "SELECT (SELECT count() FROM bars) AS bars, (SELECT count() FROM price_sources) AS sources, (SELECT argMax(state, ingested_at) FROM runs) AS state";
    const next = await quarry(["query", query, "--json"], { home });
    assert.deepEqual(JSON.parse(next.stdout), [{ bars: 0, sources: 0, state: "cancelled" }]);
  }

  it("stops it with one sentence and exit code 130", async () => {
    const home = join(folder(), "direct");
    const outcome = await interrupted({ home }, (pid) => process.kill(pid, "SIGINT"));
    await assertStopped(outcome, home);
  });

  it("stops it so under the launcher too, where a terminal interrupts both processes", async function () {
    const node = oldNode();
    if (node === undefined) {
      process.stderr.write(
        "Pending: a test of the launcher that needs a Node older than 24 on the path.\n",
      );
      this.skip();
    }
    const home = join(folder(), "launched");
    // A negative number is a process group.
    const outcome = await interrupted({ home, node, group: true }, (pid) =>
      process.kill(-pid, "SIGINT"),
    );
    await assertStopped(outcome, home);
  });
});
