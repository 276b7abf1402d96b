import type { Context } from "mocha";

/** The Python of tests that need one: that of QUARRY_TEST_PYTHON, else `python3`. */
export const testPython = process.env["QUARRY_TEST_PYTHON"] ?? "python3";

const told = new Set<string>();

/**
 * Leaves tests pending where their Python lacks a package, and says so once: Mocha's skip takes no reason.
 *
 * @param what needs it
 * @param install name for pip
 * @param reason the last words of Python
 * @throws when Python failed for another reason
 */
export function skipWithout(context: Context, what: string, install: string, reason: string): void {
  if (!/ModuleNotFoundError|ENOENT/.test(reason)) throw new Error(`${what}: ${reason}`);
  if (!told.has(install)) {
    process.stderr.write(`Pending: ${what}, pip install "${install}" (${reason}).\n`);
  }
  told.add(install);
  context.skip();
}
