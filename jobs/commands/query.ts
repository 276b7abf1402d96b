import type { Command } from "commander";
import { InvalidInput, messageOf } from "../../shared/errors.ts";
import { settingsOf, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry query SQL` */
export function addQuery(program: Command): void {
  program
    .command("query")
    .description("run a SELECT on the warehouse")
    .argument("<sql>", "ClickHouse SQL; nothing can be changed by it")
    .action(async (sql: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { openWarehouse } = await import("../../shared/warehouse/connect.ts");
      const warehouse = await openWarehouse(settingsOf(flags));
      try {
        const rows = await readOnly(() => warehouse.readOnlyRows(sql));
        openTerminal(true).print(flags.json ? JSON.stringify(rows, null, 2) : show(rows));
      } finally {
        await warehouse.close();
      }
    });
}

async function readOnly(
  query: () => Promise<Record<string, unknown>[]>,
): Promise<Record<string, unknown>[]> {
  try {
    return await query();
  } catch (thrown) {
    throw new InvalidInput(`ClickHouse can't run that: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function show(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return "No rows.";
  return textTable(
    names.map((head) => ({
      head,
      cell: (row: Record<string, unknown>) => text(row[head]),
      right: typeof rows[0]![head] === "number",
    })),
    rows,
  );
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
