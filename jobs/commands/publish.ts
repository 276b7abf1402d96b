import { Option, type Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { formatCount, plural, secondMs } from "../../shared/units.ts";
import type { PublishReport } from "../publish/job.ts";
import { orDemoHome } from "../demo-home.ts";
import { newRunId, runJob, settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { day, list, whole } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly to: string;
  readonly datasets?: string[];
  readonly asOf?: TradingDay;
  readonly keepDays: number;
  readonly env?: string;
  /** Run of whoever ordered this as a job. */
  readonly handOver?: string;
  readonly dryRun?: boolean;
  readonly clean?: boolean;
}

/** `quarry publish --to FOLDER` */
export function addPublish(program: Command, context: CommandContext): void {
  program
    .command("publish")
    .description(
      "bring tables to a lake of Iceberg tables or to Redshift: partitions that changed alone",
    )
    .requiredOption("--to <where>", "a folder (./lake); or lake, redshift: those of an environment")
    .option(
      "--datasets <list>",
      "tables by their names; all by default (factor_values, bars, ...)",
      list,
    )
    .option("--as-of <day>", "what was known at the end of this day", day)
    .option("--keep-days <n>", "days for which older snapshots are kept", whole(0, 36_500), 30)
    .option("--env <name>", "environment that was deployed: a job of its own does it there")
    .addOption(new Option("--hand-over <run>", "leaves its report for who ordered it").hideHelp())
    .option("--clean", "instead: remove files that no snapshot needs which is kept")
    .option("--dry-run", "say what would be written, or removed; nothing is touched")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { datasetNames } = await import("../../shared/lake/tables.ts");
      const { to, asOf, keepDays } = flags;
      const asked = flags.datasets ?? datasetNames;
      const datasets = datasetNames.filter((name) => asked.includes(name));
      const odd = asked.find((name) => !datasetNames.some((known) => known === name));
      if (odd !== undefined) {
        throw new InvalidInput(
          `--datasets: expected some of ${datasetNames.join(", ")}, got "${odd}".`,
        );
      }
      const today = newYorkDay(Date.now());
      if (asOf !== undefined && asOf > today) {
        throw new InvalidInput(`--as-of ${asOf} is in the future; today is ${today}.`);
      }
      const parameters = {
        to,
        datasets,
        asOf,
        keepDays,
        dryRun: flags.dryRun === true,
        clean: flags.clean === true,
      };
      if (flags.env !== undefined) {
        if (to !== "lake" && to !== "redshift") {
          throw new InvalidInput(`--to ${to}: expected lake or redshift with --env ${flags.env}.`);
        }
        const { publishAway } = await import("../publish/publish-away.ts");
        const { openObjects } = await import("../../shared/objects/open-objects.ts");
        const run = {
          runId: newRunId(Date.now()),
          pollMs: settingsOf(flags).number("pollSeconds", 0.01, 3600) * secondMs,
          openStore: (objects: string) => openObjects(settingsOf({ ...flags, objects })),
        };
        const report = await publishAway(parameters, flags.env, run, context.signal);
        openTerminal(true).print(flags.json ? JSON.stringify(report, null, 2) : show(report));
        return;
      }
      await runJob<PublishReport>(
        {
          name: "publish",
          parameters,
          job: async (deps, signal) => {
            const [{ run }, { handOver }] = await Promise.all([
              import("../publish/job.ts"),
              import("../publish/handed-over.ts"),
            ]);
            const work = () => run(parameters, deps, signal);
            return flags.handOver === undefined
              ? work()
              : handOver(deps.objects, flags.handOver, work);
          },
          show,
        },
        orDemoHome(flags),
        context,
      );
    });
}

function show({ to, tables, dry_run: dryRun, orphans }: PublishReport): string {
  if (tables.length === 0) {
    const what = plural(orphans.length, "file");
    return [
      `${to}: ${what} that no snapshot needs${dryRun ? "" : ", removed"}.`,
      ...orphans.slice(0, 20).map((name) => `  ${name}`),
    ].join("\n");
  }
  return [
    `${dryRun ? "Would go to" : "Published to"} ${to}:`,
    ...tables.map(
      ({ table, written, same, removed, rows, snapshot }) =>
        `  ${table.padEnd(20)} ${plural(written, "partition")} written (${formatCount(rows)} rows), ${formatCount(same)} there already, ${formatCount(removed)} replaced or gone${snapshot === undefined ? "" : `; snapshot ${snapshot}`}.`,
    ),
  ].join("\n");
}
