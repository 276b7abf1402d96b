import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { fileStore } from "../../shared/objects/file-store.ts";
import { startBedrock } from "../../shared/simulator/bedrock/server.ts";

/** What was left after processes that scored were killed. */
export interface KilledScores {
  /** Questions that the model got. */
  readonly asked: number;
  /** Questions that killed processes had claimed, and whose answers they had not written down yet, in all. */
  readonly underWay: number;
  readonly kills: number;
  /** What the last process, which nobody killed, found and bought. */
  readonly last: { readonly bought: number; readonly scored: number };
}

/**
 * Scores texts in a process that is killed again and again at moments that a random generator tells, and started anew, until one
 * comes to its end.
 *
 * @param next uniform numbers in [0, 1)
 */
export async function killWhileScoring(
  folder: string,
  {
    texts,
    kills,
    concurrency,
    delayMs,
  }: { texts: number; kills: number; concurrency: number; delayMs: number },
  next: () => number,
): Promise<KilledScores> {
  let asked = 0;
  await using server = await startBedrock({
    delayMs,
    asked: () => {
      asked++;
    },
  });
  const script = fileURLToPath(new URL("score-child.ts", import.meta.url));
  const start = (run: number) =>
    spawn(process.execPath, [script, folder, `r${run}`, String(texts), String(concurrency)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url,
        AWS_ACCESS_KEY_ID: "simulated",
        AWS_SECRET_ACCESS_KEY: "simulated",
      },
    });
  let underWay = 0;
  for (let kill = 0; kill < kills; kill++) {
    const child = start(kill);
    const exited = once(child, "exit");
    // At least one question is asked before it dies.
    const at = asked + 1 + Math.floor((next() * texts) / kills);
    while (asked < at && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill("SIGKILL");
    await exited;
    underWay += await unfinished(folder, `r${kill}`);
    // Answers that nobody waits for any more have come.
    await new Promise((resolve) => setTimeout(resolve, delayMs + 5));
  }
  const child = start(kills);
  let out = "";
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  await once(child, "close");
  return { asked, underWay, kills, last: JSON.parse(out) as KilledScores["last"] };
}

/** Claims of a process whose scores are not there. */
async function unfinished(folder: string, run: string): Promise<number> {
  const objects = fileStore(folder);
  let count = 0;
  for await (const key of objects.list("claims/scores/")) {
    const { holder } = JSON.parse((await objects.get(key))!.toString("utf8")) as { holder: string };
    if (holder !== run) continue;
    if ((await objects.get(key.replace(/^claims\//, ""))) === undefined) count++;
  }
  return count;
}
