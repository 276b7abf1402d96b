import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "../../shared/errors.ts";

/** The file that tells an export from other folders, written last. */
const mark = "export.json";

/**
 * Makes a folder whole or not at all: it is written beside, and put into its place when it is done. An earlier export goes.
 *
 * @param work writes into the folder that it is given; what it returns stands in `export.json`
 * @throws InvalidInput where the folder holds something else
 */
export async function wholeFolder<Report extends object>(
  to: string,
  work: (folder: string) => Promise<Report>,
): Promise<Report> {
  const there = await checkPlace(to);
  const beside = `${to}.unfinished`;
  await rm(beside, { recursive: true, force: true });
  try {
    await mkdir(beside, { recursive: true });
  } catch {
    throw new InvalidInput(`--to ${to}: expected a folder that can be made.`);
  }
  try {
    const report = await work(beside);
    await writeFile(join(beside, mark), `${JSON.stringify(report, null, 2)}\n`);
    const before = `${to}.before`;
    await rm(before, { recursive: true, force: true });
    if (there) await rename(to, before);
    await rename(beside, to);
    await rm(before, { recursive: true, force: true });
    return report;
  } catch (thrown) {
    await rm(beside, { recursive: true, force: true });
    throw thrown;
  }
}

/** @returns whether there is something to be replaced */
async function checkPlace(to: string): Promise<boolean> {
  const there = await stat(to).catch(() => undefined);
  if (there === undefined) return false;
  const names = there.isDirectory() ? await readdir(to) : ["a file"];
  if (names.length === 0 || names.includes(mark)) return true;
  throw new InvalidInput(
    `--to ${to}: expected a folder to be made, or an earlier export; it holds ${names.slice(0, 3).join(", ")}.`,
  );
}
