import type { Command } from "commander";
import { searchSecurities, type FoundSecurity } from "../../shared/warehouse/tables/issuers.ts";
import { settingsOf, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry securities SEARCH` */
export function addSecurities(program: Command): void {
  program
    .command("securities")
    .description("companies and their securities, by ticker, CIK or a part of any name they had")
    .argument("<search>", "a ticker, a CIK, a security's id, or a part of a name")
    .action(async (search: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { openWarehouse } = await import("../../shared/warehouse/connect.ts");
      const warehouse = await openWarehouse(settingsOf(flags));
      try {
        const found = await searchSecurities(warehouse, search);
        openTerminal(true).print(flags.json ? JSON.stringify(found, null, 2) : show(found));
      } finally {
        await warehouse.close();
      }
    });
}

function show(found: readonly FoundSecurity[]): string {
  if (found.length === 0) return "Nothing of that name, ticker or number.";
  return textTable<FoundSecurity>(
    [
      { head: "security", cell: ({ security_id }) => security_id ?? "" },
      { head: "ticker", cell: ({ ticker }) => ticker ?? "" },
      { head: "from", cell: ({ from_day }) => from_day ?? "" },
      { head: "to", cell: ({ to_day }) => to_day ?? "" },
      { head: "issuer", cell: ({ issuer_id }) => issuer_id ?? "" },
      { head: "name", cell: ({ name }) => name ?? "" },
      { head: "formerly", cell: ({ former_names }) => former_names.join("; ") },
      { head: "exchange", cell: ({ exchange }) => exchange ?? "" },
      { head: "SIC", cell: ({ sic }) => sic ?? "" },
    ],
    found,
  );
}
