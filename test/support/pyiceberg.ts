import { execFile } from "node:child_process";
import { promisify } from "node:util";

const python = process.env["QUARRY_TEST_PYTHON"] ?? "python3";
let told = false;

/** For the tests of a `describe` that read with pyiceberg: where it is not there they are pending, and say why. */
export function usePyiceberg(): (program: string, ...args: string[]) => Promise<unknown> {
  const run = async (program: string, ...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(python, ["-c", program, ...args], {
      maxBuffer: 1 << 26,
    });
    return stdout;
  };
  before(async function () {
    try {
      await run("import pyiceberg, pyarrow");
    } catch (thrown) {
      const reason = (thrown as Error).message.trim().split("\n").at(-1)!;
      if (!/ModuleNotFoundError|ENOENT/.test(reason)) throw thrown;
      // Mocha's skip takes no reason.
      if (!told) {
        process.stderr.write(
          `Pending: tests that read with pyiceberg, pip install "pyiceberg[pyarrow]" (${reason}).\n`,
        );
      }
      told = true;
      this.skip();
    }
  });
  return async (program, ...args) => JSON.parse(await run(program, ...args)) as unknown;
}
