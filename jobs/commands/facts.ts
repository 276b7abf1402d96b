import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { answer, conceptsOf, type Periods } from "../../shared/fundamentals/ask.ts";
import type { ItemValue } from "../../shared/fundamentals/derive.ts";
import type { Fact } from "../../shared/fundamentals/fact.ts";
import { sessionCloseMs } from "../../shared/market/calendar.ts";
import { fromDayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { issuerIdOf } from "../../shared/sources/edgar/issuer-id.ts";
import { knownByFilingDay } from "../../shared/sources/edgar/known-at.ts";
import { plural } from "../../shared/units.ts";
import { factsOfIssuer } from "../../shared/warehouse/tables/facts.ts";
import { issuerOfTicker, nameOfIssuer } from "../../shared/warehouse/tables/issuers.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { settingsOf, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";
import { day } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly asOf?: TradingDay;
  readonly history?: boolean;
  readonly asReported?: boolean;
  readonly restated?: boolean;
  readonly quarterly?: boolean;
  readonly annual?: boolean;
  readonly ttm?: boolean;
}

/** `quarry facts COMPANY ITEM` */
export function addFacts(program: Command): void {
  program
    .command("facts")
    .description("what a company reported, as it was known on a day")
    .argument("<company>", "a ticker or a CIK")
    .argument(
      "<item>",
      "a standard item (revenue, net_income, ...) or a concept (Assets, us-gaap:Assets)",
    )
    .option("--as-of <day>", "what was known at that day's close in New York; now by default", day)
    .addOption(
      new Option("--history", "every row ever filed").conflicts([
        "quarterly",
        "annual",
        "ttm",
        "asReported",
        "restated",
      ]),
    )
    .addOption(
      new Option("--as-reported", "the value that each period had first").conflicts(["restated"]),
    )
    .option("--restated", "the value that each period had last; the default")
    .addOption(
      new Option("--quarterly", "quarters only; a flow's fourth derived").conflicts([
        "annual",
        "ttm",
      ]),
    )
    .addOption(new Option("--annual", "years only").conflicts(["ttm"]))
    .option("--ttm", "trailing twelve months; a flow's derived")
    .action(async (company: string, name: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { openWarehouse } = await import("../../shared/warehouse/connect.ts");
      const warehouse = await openWarehouse(settingsOf(flags));
      try {
        await print(warehouse, company, name, flags);
      } finally {
        await warehouse.close();
      }
    });
}

async function print(
  warehouse: Warehouse,
  company: string,
  name: string,
  flags: Flags,
): Promise<void> {
  const { asOf, history = false, asReported = false } = flags;
  const issuerId = await issuerOf(warehouse, company);
  const concepts = conceptsOf(name, history);
  const rows = await factsOfIssuer(
    warehouse,
    issuerId,
    concepts.map(({ concept }) => concept),
  );
  const facts = rows.map(dated);
  if (facts.length === 0) {
    throw new InvalidInput(
      `${await nameOfIssuer(warehouse, issuerId)} (CIK ${issuerId}) has no facts of "${name}" here: expected a standard item or a concept that it reports; "quarry backfill facts --tickers ${company}" brings what EDGAR has.`,
    );
  }
  const values = answer(facts, {
    name,
    asOfMs: asOf === undefined ? Date.now() : sessionCloseMs(asOf),
    history,
    vintage: asReported ? "as_reported" : "restated",
    periods: periodsOf(flags),
  });
  const byDay = values.filter(({ knownBy }) => knownBy !== "acceptance").length;
  if (byDay > 0) {
    process.stderr.write(
      `${plural(byDay, "value")} of ${values.length}: nobody here tells when the filing was accepted, so it counts as known from the end of its filing day.\n`,
    );
  }
  openTerminal(true).print(
    flags.json
      ? JSON.stringify(values.map(asJson), null, 2)
      : show(values, `${await nameOfIssuer(warehouse, issuerId)} (CIK ${issuerId})`, name, asOf),
  );
}

/** A filing whose time nobody tells is known at the end of its day. */
function dated(row: Fact): Fact {
  if (!Number.isNaN(row.knownMs)) return row;
  return { ...row, knownMs: knownByFilingDay(fromDayNumber(row.filed)), knownBy: "filing day" };
}

async function issuerOf(warehouse: Warehouse, company: string): Promise<string> {
  const issuerId = issuerIdOf(company) ?? (await issuerOfTicker(warehouse, company));
  if (issuerId !== undefined) return issuerId;
  throw new InvalidInput(
    `Expected a CIK, or a ticker that the warehouse knows, got "${company}": run "quarry backfill facts --tickers ${company}" first.`,
  );
}

function periodsOf({ quarterly, annual, ttm }: Flags): Periods {
  if (quarterly) return "quarterly";
  if (annual) return "annual";
  return ttm ? "ttm" : "all";
}

const instant = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
const startOf = ({ start }: ItemValue): TradingDay | null =>
  Number.isNaN(start) ? null : fromDayNumber(start);

function asJson(value: ItemValue): object {
  const { concept, unit, end, form, accession, filed, knownMs, derived, inputs } = value;
  return {
    concept,
    unit,
    period_start: startOf(value),
    period_end: fromDayNumber(end),
    value: value.value,
    form,
    accession,
    filed: fromDayNumber(filed),
    known_at: instant(knownMs),
    derived,
    ...(derived === null ? {} : { inputs }),
  };
}

function show(
  values: readonly ItemValue[],
  company: string,
  name: string,
  asOf: TradingDay | undefined,
): string {
  const head = `${company}, ${name}, as of ${asOf === undefined ? "now" : `the close of ${asOf}`}:`;
  if (values.length === 0) return `${head} nothing was known.`;
  return [
    head,
    "",
    textTable<ItemValue>(
      [
        { head: "from", cell: (value) => startOf(value) ?? "" },
        { head: "to", cell: ({ end }) => fromDayNumber(end) },
        {
          head: "value",
          cell: ({ value }) => value.toLocaleString("en-US", { maximumFractionDigits: 6 }),
          right: true,
        },
        { head: "unit", cell: ({ unit }) => unit },
        { head: "concept", cell: ({ concept }) => concept },
        { head: "form", cell: ({ form }) => form },
        {
          head: "accession",
          cell: ({ accession, inputs, derived }) => (derived ? inputs.join(" + ") : accession),
        },
        { head: "known at (UTC)", cell: ({ knownMs }) => instant(knownMs) },
        { head: "by", cell: ({ knownBy }) => knownBy },
        { head: "derived", cell: ({ derived }) => derived ?? "" },
      ],
      values,
    ),
  ].join("\n");
}
