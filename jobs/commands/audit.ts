import type { Command } from "commander";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { isListName } from "../../shared/market/universe.ts";
import { formatCount, plural } from "../../shared/units.ts";
import type { AuditedDay, AuditReport } from "../audit-lookahead/job.ts";
import type { LagBucket, TimeRule } from "../audit-lookahead/known-at.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import type { LlmLeakReport } from "../audit-llm-leak/job.ts";
import { day, list, whole } from "./flags.ts";
import { addModelFlags, type ModelFlags } from "./model-flags.ts";

interface Flags extends CommonFlags {
  readonly at?: TradingDay[];
  readonly factors?: string[];
  readonly universe?: string;
  readonly groups?: string;
}

/** `quarry audit lookahead` */
export function addAudit(program: Command, context: CommandContext): void {
  const audit = program.command("audit").description("look for numbers that knew the future");
  addLlmLeak(audit, context);
  audit
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

interface LeakFlags extends ModelFlags {
  readonly sample: number;
  readonly concurrency: number;
}

function addLlmLeak(audit: Command, context: CommandContext): void {
  addModelFlags(audit.command("llm-leak"))
    .description(
      "score news as they are, and with names, tickers, people and dates masked: what differs, the model knew",
    )
    .option("--sample <n>", "texts that are compared, evenly over time", whole(1, 100_000), 200)
    .option("--prompt <file>", "a prompt of your own, with {text} where the text is to stand")
    .option("--concurrency <n>", "questions under way at once", whole(1, 1000), 16)
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<LeakFlags>();
      const { provider, model, sample, prompt, budgetUsd, concurrency } = flags;
      const parameters = { provider, model, sample, prompt, budgetUsd, concurrency };
      await runJob<LlmLeakReport>(
        {
          name: "audit llm-leak",
          parameters,
          job: async (deps, signal) =>
            (await import("../audit-llm-leak/job.ts")).run(parameters, deps, signal),
          show: showLeak,
        },
        flags,
        context,
      );
    });
}

function showLeak(report: LlmLeakReport): string {
  const { difference, ic, trained_until, before_training_end } = report;
  const number = (value: number | null): string => (value === null ? "none" : value.toFixed(3));
  const share = (value: number | null): string =>
    value === null ? "nobody knows" : `${(100 * value).toFixed(1)} %`;
  return [
    `${plural(report.compared, "text")} scored raw and masked by ${report.model} (${report.provider}); masking changed ${formatCount(report.masked)}.`,
    `Score, raw minus masked: mean ${number(difference.mean)}, absolute ${number(difference.mean_absolute)}; another score for ${share(difference.changed)}.`,
    `Rank IC with the next session's return (${plural(ic.texts, "text")}): raw ${number(ic.raw)}, masked ${number(ic.masked)}.`,
    trained_until === null
      ? "Until when the model was trained nobody says: of any text it may know what came after."
      : `Published by ${trained_until}, the end of the model's training: ${share(before_training_end)}; of those it may know what came after.`,
  ].join("\n");
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
