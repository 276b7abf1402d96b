import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { skipWithout, testPython } from "./python.ts";

/**
 * For the tests of a `describe` that read with pyiceberg: where it is not there they are pending, and say why.
 *
 * @param install name for pip
 * @param modules that it needs besides
 */
export function usePyiceberg(
  install = "pyiceberg[pyarrow]",
  ...modules: readonly string[]
): (program: string, ...args: string[]) => Promise<unknown> {
  const run = async (program: string, ...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(testPython, ["-c", program, ...args], {
      maxBuffer: 1 << 26,
    });
    return stdout;
  };
  before(async function () {
    try {
      await run(`import ${["pyiceberg", "pyarrow", ...modules].join(", ")}`);
    } catch (thrown) {
      const reason = (thrown as Error).message.trim().split("\n").at(-1)!;
      skipWithout(this, "tests that read with pyiceberg", install, reason);
    }
  });
  return async (program, ...args) => JSON.parse(await run(program, ...args)) as unknown;
}
