import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import type { CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry secrets set` */
export function addSecrets(program: Command): void {
  const secrets = program
    .command("secrets")
    .description("give secrets of an environment their values");
  secrets
    .command("set")
    .description("read a value from standard input, and put it into a secret that the stack made")
    .argument("<name>", "name without the environment's prefix")
    .requiredOption("--env <name>", "environment that was deployed")
    .action(async (name: string, _: unknown, command: Command) => {
      const { env } = command.optsWithGlobals<CommonFlags & { env: string }>();
      // Never an argument: those are seen by all on the machine, and kept by shells.
      const value = (await text(process.stdin)).replace(/\r?\n$/, "");
      if (value === "") {
        throw new InvalidInput(
          `Expected the value on standard input, as in: quarry secrets set ${name} --env ${env} < FILE.`,
        );
      }
      const { putSecret, readDeployment } =
        await import("../../shared/backfill/executors/aws-account.ts");
      await putSecret(await readDeployment(env), name, value);
      openTerminal(true).print(`Secret ${name} of ${env} has a new value.`);
    });
}
