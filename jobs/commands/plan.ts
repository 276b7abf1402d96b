import type { Command } from "commander";
import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import type { Plan } from "../../shared/backfill/plan.ts";
import { datasets, type DatasetSpec } from "../../shared/catalogue.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import { formatCount, formatDuration, plural, secondMs } from "../../shared/units.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { backfillNamed } from "../datasets.ts";
import { settingsOf } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { datasetCommands } from "./datasets/all.ts";
import { addBackfillFlags, type BackfillFlags } from "./datasets/dataset-command.ts";

/** `quarry plan DATASET` */
export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .description("say what a backfill would do and take; nothing is touched");
  for (const dataset of datasetCommands) {
    addBackfillFlags(dataset.addFlags(plan.command(dataset.dataset)))
      .description("partitions by state, requests, time, dollars")
      .action(async (_: unknown, command: Command) => {
        const flags = command.optsWithGlobals<BackfillFlags>();
        await printPlan(dataset.dataset, await dataset.argsOf(flags), flags);
      });
  }
}

/** Plans a dataset and prints the plan. */
export async function printPlan(
  dataset: string,
  args: unknown,
  flags: BackfillFlags,
): Promise<void> {
  const settings = settingsOf(flags);
  const [{ openObjects }, backfill, { hasWarehouse, openWarehouse }] = await Promise.all([
    import("../../shared/objects/open-objects.ts"),
    backfillNamed(dataset),
    import("../../shared/warehouse/connect.ts"),
  ]);
  const objects = await openObjects(settings);
  let opened: Promise<Warehouse> | undefined;
  const warehouse = (): Promise<Warehouse> => {
    if (!hasWarehouse(settings)) {
      throw new InvalidInput(
        'There is no warehouse yet: run "quarry backfill prices" or "quarry import prices" first.',
      );
    }
    return (opened ??= openWarehouse(settings));
  };
  try {
    const plan = await backfill.plan(args, {
      objects,
      settings,
      nowMs: Date.now(),
      log: openLog(settings.text("logLevel")),
      warehouse,
    });
    openTerminal(true).print(
      flags.json ? JSON.stringify(asJson(plan), null, 2) : show(plan, flags),
    );
  } finally {
    await (await opened)?.close();
  }
}

function asJson({ all, held, units, ...plan }: Plan<FetchUnit>): unknown {
  return { ...plan, units: { all: all.length, done: held, wanted: units.length } };
}

/** What a language model takes, which is due wherever it is asked from. */
function ofTokens(dollars: number | null): string {
  if (dollars === null) return "tokens at a price that nobody knows";
  return dollars === 0 ? "nothing" : `$${dollars.toFixed(2)} of tokens`;
}

function show(plan: Plan<FetchUnit>, { budgetUsd, maxDuration, on }: BackfillFlags): string {
  const { partitions, reasons, estimate, held } = plan;
  const { lane, dollars } = estimate;
  const { grid }: DatasetSpec = datasets[plan.dataset];
  const lines = [
    `Partitions (${grid.key}, year): ${formatCount(partitions.done)} done, ${formatCount(partitions.missing)} missing, ${formatCount(partitions.failed)} failed, ${formatCount(partitions.stale)} stale.`,
    ...Object.entries(reasons).map(
      ([reason, count]) => `  ${plural(count, grid.key)} failed: ${reason}`,
    ),
    `Fetch units: ${formatCount(estimate.units)} to ${lane ? "buy" : "make"}, ${formatCount(held)} held.`,
    `Requests: ${formatCount(estimate.requests)}${lane ? `, through the lane ${lane.name} at ${Number(lane.rate_per_second.toFixed(2))} ${lane.unit}/s: ${formatDuration(lane.seconds * secondMs)}` : ""}.`,
    `Work: ${plural(estimate.children, "child", "children")}, ${formatDuration(estimate.seconds * secondMs)} from start to end, ${estimate.vcpu_hours.toFixed(2)} vCPU-hours.`,
    `Network: ${estimate.nat_gb.toFixed(3)} GB in. Tokens: ${formatCount(estimate.tokens.in)} in, ${formatCount(estimate.tokens.out)} out.`,
    on === "local"
      ? `Dollars: ${ofTokens(dollars.tokens)} here; on AWS $${dollars.spot.toFixed(2)} on Spot, $${dollars.on_demand.toFixed(2)} on demand (list prices of ${dollars.prices_as_of}).`
      : `Dollars: $${dollars.spot.toFixed(2)} on Spot, $${dollars.on_demand.toFixed(2)} on demand (list prices of ${dollars.prices_as_of}).`,
  ];
  if (on !== "local" && budgetUsd !== undefined && dollars.on_demand > budgetUsd) {
    lines.push(`It does not fit a budget of $${budgetUsd}.`);
  }
  if (maxDuration !== undefined && estimate.seconds > maxDuration * 60) {
    lines.push(`It does not fit into ${maxDuration} minutes; what is left is the next run's.`);
  }
  return lines.join("\n");
}
