import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openEmbedded } from "../../../shared/warehouse/embedded.ts";
import { startQuarry, type QuarryOptions } from "../../support/quarry.ts";

/** The children of a backfill in some home, by process id: those whose command line and environment say so. */
export function childrenOf(home: string): number[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const ours = environment.includes(`QUARRY_HOME=${home}\0`);
      return ours && command.includes("work") ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

/** What killing took. */
export interface Killed {
  /** SIGKILLs in all, and those of them that hit the coordinator, which takes its children along. */
  readonly kills: number;
  readonly coordinators: number;
  /** Exit code of the last process, and what it said. */
  readonly code: number | null;
  readonly stderr: string;
}

/**
 * Runs a backfill and kills its processes without a word at random moments: its children, and each third time the
 * coordinator, after which the same command is started again.
 *
 * @param most kills; fewer when it is over before
 * @param next a number between 0 and 1
 */
export async function backfillUnderKills(
  command: readonly string[],
  options: QuarryOptions,
  most: number,
  next: () => number,
): Promise<Killed> {
  let running = startQuarry(command, options);
  let kills = 0;
  let coordinators = 0;
  while (kills < most) {
    await sleep(250 + 300 * next());
    if (running.child.exitCode !== null) break;
    const children = childrenOf(options.home);
    // Without children it plans or loads: that is a moment too.
    if (children.length === 0 && next() < 0.5) continue;
    if (kills % 3 === 2 || children.length === 0) {
      running.child.kill("SIGKILL");
      await running.outcome;
      coordinators++;
      while (childrenOf(options.home).length > 0) await sleep(20);
      running = startQuarry(command, options);
    } else {
      try {
        process.kill(children[Math.floor(next() * children.length)]!, "SIGKILL");
      } catch {
        // It was over just now.
        continue;
      }
    }
    kills++;
  }
  const { code, stderr } = await running.outcome;
  return { kills, coordinators, code, stderr };
}

/** All that a backfill brings, but for when and by which run. */
export async function contentsOf(folder: string): Promise<unknown> {
  const warehouse = await openEmbedded(folder);
  try {
    const [row] = await warehouse.rows(
      `SELECT (SELECT count() FROM bars) AS bars, (SELECT uniq(security_id) FROM bars) AS securities,
         (SELECT toString(groupBitXor(cityHash64(source, ticker, day, b.known_at, revision, open, high, low, close, volume)))
          FROM bars AS b INNER JOIN (SELECT * FROM tickers FINAL) AS t USING (security_id)) AS digest,
         (SELECT toString(groupBitXor(cityHash64(ticker, ex_date, kind, a.known_at, value)))
          FROM (SELECT * FROM corporate_actions FINAL) AS a INNER JOIN (SELECT * FROM tickers FINAL) AS t USING (security_id)) AS actions`,
    );
    return row;
  } finally {
    await warehouse.close();
  }
}
