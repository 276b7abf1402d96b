import type { Command } from "commander";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import type { CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry factors` */
export function addFactors(program: Command): void {
  program
    .command("factors")
    .description("list the factors of the library")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { loadLibrary } = await import("../../shared/factors/load-library.ts");
      const factors = await loadLibrary();
      // A function has no JSON: what is left of a factor is its words.
      openTerminal(true).print(
        flags.json ? JSON.stringify(factors, null, 2) : factors.map(describe).join("\n\n"),
      );
    });
}

function describe(factor: FactorDefinition): string {
  return [
    `${factor.name} (version ${factor.version})  ${factor.title}`,
    `  formula    ${factor.formula}`,
    `  reference  ${factor.reference}`,
    `  sign       ${factor.sign > 0 ? "+1: high values are expected to earn more" : "-1: high values are expected to earn less"}`,
    `  look-back  ${factor.lookback} sessions`,
    `  inputs     ${factor.inputs.join(", ")}`,
  ].join("\n");
}
