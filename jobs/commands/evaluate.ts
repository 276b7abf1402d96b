import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import type { EvaluateArgs } from "../evaluate-factors/args.ts";
import type { EvaluateReport } from "../evaluate-factors/job.ts";
import { newRunId, runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";
import { day, horizons, list, number, readUniverseFile, whole } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly values?: string;
  readonly prices?: string;
  readonly groups?: string;
  readonly horizons: number[];
  readonly quantiles: number;
  readonly delay?: number;
  readonly universe?: string;
  readonly minPrice?: number;
  readonly minAdv?: number;
  readonly neutralize?: string[];
  readonly costBps: number;
  readonly fdr: number;
  readonly delistingReturn?: number;
  readonly trials?: number;
  readonly from?: TradingDay;
  readonly to?: TradingDay;
  readonly series?: boolean;
  readonly html?: string;
}

/** `quarry evaluate` */
export function addEvaluate(program: Command, context: CommandContext): void {
  program
    .command("evaluate")
    .description("judge factors of the warehouse, or a signal of your own from files")
    .argument("[factor...]", "factors that were computed; none with --values")
    .option("--values <file>", "your own signal: date, asset, factor; CSV or Parquet")
    .option("--prices <file>", "its prices, long or wide; CSV or Parquet")
    .option("--groups <file>", 'groups by ticker: JSON {"AAPL": "Technology"} or CSV ticker, group')
    .option("--horizons <list>", "horizons in sessions", horizons, [1, 5, 10, 21])
    .option("--quantiles <n>", "equal parts of each day", whole(2, 80), 5)
    .option(
      "--delay <n>",
      "sessions between the factor's day and the trade; 0 with --values, else 1",
      whole(0, 250),
    )
    .option("--universe <file>", "CSV ticker, start, end: only members on their days")
    .option("--min-price <dollars>", "lowest price on the day", number(0, 1e9))
    .option("--min-adv <dollars>", "lowest mean dollar volume of 21 days", number(0, 1e15))
    .option("--neutralize <list>", "group, beta, size: a neutral factor beside the raw one", list)
    .option("--cost-bps <bps>", "cost of a trade, basis points a side", number(0, 1000), 10)
    .option(
      "--fdr <q>",
      "share of false discoveries that is accepted",
      number(0.0001, 0.9999),
      0.05,
    )
    .option(
      "--delisting-return <r>",
      "return after the last price where nobody knows it",
      number(-1, 10),
    )
    .option("--trials <n>", "trials in all, where no warehouse counts them", whole(1, 1e9))
    .option("--from <day>", "first day of the factor", day)
    .option("--to <day>", "last day of the factor", day)
    .option("--series", "with --json: the days behind the means")
    .addOption(new Option("--html <folder>", "write tear sheets there"))
    .action(async (names: string[], _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const own = ownOf(names, flags);
      const args = await argsOf(flags, own === undefined ? 1 : 0);
      if (own) await evaluateOwn(own, args, flags, context);
      else await evaluateStored([...new Set(names)], args, flags, context);
    });
}

function ownOf(
  names: readonly string[],
  { values, prices }: Flags,
): { values: string; prices: string } | undefined {
  if (values === undefined && prices === undefined) {
    if (names.length > 0) return undefined;
    throw new InvalidInput(
      "Expected factors of the warehouse, or --values FILE and --prices FILE.",
    );
  }
  if (values === undefined || prices === undefined) {
    throw new InvalidInput("Expected --values FILE and --prices FILE together.");
  }
  if (names.length > 0)
    throw new InvalidInput(`Expected either factors (${names.join(", ")}) or --values.`);
  return { values, prices };
}

const neutralTo = ["group", "beta", "size"] as const;

async function argsOf(flags: Flags, usualDelay: number): Promise<EvaluateArgs> {
  const odd = flags.neutralize?.find((name) => !neutralTo.includes(name as "group"));
  if (odd !== undefined) {
    throw new InvalidInput(`--neutralize: expected some of ${neutralTo.join(", ")}, got "${odd}".`);
  }
  if (flags.from !== undefined && flags.to !== undefined && flags.from > flags.to) {
    throw new InvalidInput(`--from ${flags.from} is after --to ${flags.to}.`);
  }
  return {
    horizons: flags.horizons,
    quantiles: flags.quantiles,
    delay: flags.delay ?? usualDelay,
    groups: flags.groups,
    universe:
      flags.universe === undefined
        ? undefined
        : { file: flags.universe, members: await readUniverseFile(flags.universe) },
    minPrice: flags.minPrice,
    minAdv: flags.minAdv,
    neutralize: neutralTo.filter((name) => flags.neutralize?.includes(name)),
    costBps: flags.costBps,
    q: flags.fdr,
    delistingReturn: flags.delistingReturn,
    trials: flags.trials,
    series: flags.series === true,
    html: flags.html,
    from: flags.from,
    to: flags.to,
  };
}

async function evaluateStored(
  names: readonly string[],
  args: EvaluateArgs,
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  await runJob<EvaluateReport>(
    {
      name: "evaluate",
      parameters: { factors: names, ...args, universe: args.universe?.file },
      job: async (deps, signal) => {
        const { run } = await import("../evaluate-factors/job.ts");
        return run(names, args, deps, signal);
      },
      show: showEvaluations,
      json: ({ results }) => (results.length === 1 ? results[0] : results),
    },
    flags,
    context,
  );
}

async function evaluateOwn(
  own: { values: string; prices: string },
  args: EvaluateArgs,
  flags: Flags,
  { signal }: CommandContext,
): Promise<void> {
  const settings = settingsOf(flags);
  const terminal = openTerminal(flags.json === true);
  const { hasWarehouse, openWarehouse } = await import("../../shared/warehouse/connect.ts");
  const { runOwn } = await import("../evaluate-factors/job.ts");
  const report = await runOwn(
    own,
    args,
    {
      settings,
      log: openLog(settings.text("logLevel")),
      progress: terminal.progress,
      now: Date.now,
      runId: newRunId(Date.now()),
      openWarehouse: hasWarehouse(settings) ? () => openWarehouse(settings) : undefined,
    },
    signal,
  );
  terminal.print(flags.json ? JSON.stringify(report.results[0]) : showEvaluations(report));
}

/** A table of factors by horizon, and where the pages are. */
export function showEvaluations({ results, pages }: EvaluateReport): string {
  const rows = results.flatMap((result) =>
    result.horizons.map((horizon) => ({ result, horizon: String(horizon) })),
  );
  type Row = (typeof rows)[number];
  const fixed = (value: number | null | undefined, digits: number): string =>
    value === null || value === undefined ? "–" : value.toFixed(digits);
  const table = textTable<Row>(
    [
      { head: "factor", cell: ({ result }) => result.factor },
      { head: "horizon", cell: ({ horizon }) => horizon, right: true },
      {
        head: "IC",
        cell: ({ result, horizon }) => fixed(result.ic[horizon]!.mean, 4),
        right: true,
      },
      {
        head: "t HAC",
        cell: ({ result, horizon }) => fixed(result.ic[horizon]!.t_hac, 2),
        right: true,
      },
      {
        head: "t iid",
        cell: ({ result, horizon }) => fixed(result.ic[horizon]!.t_iid, 2),
        right: true,
      },
      {
        head: "p HAC",
        cell: ({ result, horizon }) => fixed(result.ic[horizon]!.p_hac, 4),
        right: true,
      },
      {
        head: "p adjusted",
        cell: ({ result, horizon }) => fixed(result.fdr.p_adjusted[horizon], 4),
        right: true,
      },
      {
        head: "net Sharpe",
        cell: ({ result, horizon }) => fixed(result.declared.net_sharpe[horizon], 2),
        right: true,
      },
      {
        head: "turnover",
        cell: ({ result, horizon }) => fixed(result.long_short[horizon]!.turnover, 3),
        right: true,
      },
      {
        head: "verdict",
        cell: ({ result, horizon }) =>
          result.ic[horizon]!.p_hac === null
            ? "undefined"
            : result.fdr.rejected[horizon]
              ? "passes"
              : "luck is enough",
      },
    ],
    rows,
  );
  return [
    table,
    "",
    ...results.slice(0, 1).map(assumed),
    ...results.filter(({ days }) => days === 0).map(whyNothing),
    ...(pages[0] ? [`Open ${pages[0]}`] : []),
  ].join("\n");
}

/** Why not a single day could be judged. */
function whyNothing({ factor, dropped }: EvaluationResult): string {
  const share = (part: number | null): string => `${Math.round(100 * (part ?? 0))} %`;
  return `${factor}: no day was kept; ${share(dropped.forward_returns)} of the values have no returns at all horizons, ${share(dropped.binning)} lie on days whose values can't be cut into quantiles.`;
}

function assumed({ delay, fdr, days, rows }: EvaluationResult): string {
  return `Delay ${delay}; ${days} days, ${rows} rows; false discovery rate ${fdr.q} over ${fdr.trials} trials (${fdr.trials_from}).`;
}
