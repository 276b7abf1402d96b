import type { Command } from "commander";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { isListName } from "../../shared/market/universe.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { AuditedDay, AuditReport } from "../audit-lookahead/job.ts";
import type { LagBucket, TimeRule } from "../audit-lookahead/known-at.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { day, list } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly at?: TradingDay[];
  readonly factors?: string[];
  readonly universe?: string;
  readonly groups?: string;
}

/** `quarry audit lookahead` */
export function addAudit(program: Command, context: CommandContext): void {
  program
    .command("audit")
    .description("look for numbers that knew the future")
    .command("lookahead")
    .description(
      "hide what came later, compute all factors again, compare; and audit the times themselves",
    )
    .option(
      "--at <days>",
      "days at whose close all later rows are hidden; five of the prices' by default",
      days,
    )
    .option("--factors <list>", "names, separated by commas; all by default", list)
    .option(
      "--universe <list>",
      "a list of the warehouse: only its members count, as known on each day",
      listed,
    )
    .option(
      "--groups <list>",
      "a list of the warehouse: values are made neutral to its groups, as known on each day",
      listed,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      await runJob<AuditReport>(
        {
          name: "audit lookahead",
          parameters: {
            at: flags.at,
            factors: flags.factors,
            universe: flags.universe,
            groups: flags.groups,
          },
          job: async (deps, signal) => {
            const [{ run }, { loadLibrary, pickFactors }] = await Promise.all([
              import("../audit-lookahead/job.ts"),
              import("../../shared/factors/load-library.ts"),
            ]);
            const factors = pickFactors(await loadLibrary(), flags.factors);
            const { at: days, universe, groups } = flags;
            return run({ factors, days, universe, groups }, deps, signal);
          },
          show,
          failureOf,
        },
        flags,
        context,
      );
    });
}

/** A file says not since when it was known, so that nothing of it can be hidden. */
function listed(name: string): string {
  if (isListName(name)) return name;
  throw new InvalidInput(
    `Expected a list of the warehouse, got the file "${name}", which says not since when it was known: bring it in by "quarry import memberships" first.`,
  );
}

const days = (text: string): TradingDay[] => list(text).map(day);

function failureOf({ differences, known_at }: AuditReport): Error | undefined {
  if (differences > 0) {
    return new Failed(`${plural(differences, "value")} knew what became known later.`);
  }
  return known_at.broken > 0
    ? new Failed(`${plural(known_at.broken, "row")} are said to be known before they could be.`)
    : undefined;
}

function show({
  factors,
  from,
  days: audited,
  compared,
  differences,
  known_at,
}: AuditReport): string {
  return [
    `${plural(factors, "factor")} from ${from} on, computed with and without what became known later:`,
    "",
    textTable<AuditedDay>(
      [
        { head: "hidden after", cell: ({ day: at }) => at },
        { head: "values compared", cell: ({ compared: count }) => formatCount(count), right: true },
        { head: "differences", cell: ({ differences: count }) => formatCount(count), right: true },
        {
          head: "first",
          cell: ({ first }) =>
            first ? `${first.factor} of ${first.securityId} on ${first.day}` : "",
        },
      ],
      audited,
    ),
    ...audited.flatMap(({ first }) =>
      first
        ? [
            `  ${first.factor} of ${first.securityId} on ${first.day}: ${first.value ?? "none"} with, ${first.hidden ?? "none"} without; it read ${first.input}`,
          ]
        : [],
    ),
    "",
    textTable<TimeRule>(
      [
        { head: "rule", cell: ({ rule }) => rule },
        { head: "rows", cell: ({ rows }) => formatCount(rows), right: true },
        { head: "broken", cell: ({ broken }) => formatCount(broken), right: true },
      ],
      known_at.rules,
    ),
    ...known_at.rules.flatMap(({ examples }) => examples.map((row) => `  ${row}`)),
    ...(known_at.lags.length > 0
      ? [
          "",
          "From the end of a period to its report:",
          textTable<LagBucket>(
            [
              { head: "source", cell: ({ source }) => source },
              { head: "filings", cell: ({ kind }) => kind },
              { head: "lag", cell: ({ lag }) => lag },
              { head: "count", cell: ({ rows }) => formatCount(rows), right: true },
            ],
            known_at.lags,
          ),
        ]
      : []),
    ...(known_at.soon.filings > 0
      ? [
          "",
          `${plural(known_at.soon.filings, "filing")} known within a day of the end of what they report:`,
          ...known_at.soon.examples.map((row) => `  ${row}`),
        ]
      : []),
    "",
    `${formatCount(compared)} values compared, ${formatCount(differences)} differences; ${formatCount(known_at.broken)} times broken; ${formatCount(known_at.undated)} facts without a time, which no factor reads.`,
  ].join("\n");
}
