import type { Command } from "commander";
import { settingsOf, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry config` */
export function addConfig(program: Command): void {
  program
    .command("config")
    .description("print every value in force and where it came from")
    .action((_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const values = settingsOf(flags)
        .all()
        .map(({ secret, value, ...setting }) => ({
          ...setting,
          value: secret && value ? "********" : value,
        }));
      openTerminal(true).print(
        flags.json
          ? JSON.stringify(
              values.map((setting) => ({ ...setting, value: setting.value ?? null })),
              null,
              2,
            )
          : textTable(
              [
                { head: "variable", cell: ({ variable }) => variable },
                { head: "value", cell: ({ value }) => value ?? "" },
                { head: "from", cell: ({ origin, value }) => (value === undefined ? "" : origin) },
                { head: "what it is", cell: ({ about }) => about },
              ],
              values,
            ),
      );
    });
}
