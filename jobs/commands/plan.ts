import type { Command } from "commander";
import { formatCount, formatDuration, plural, secondMs } from "../../shared/units.ts";
import type { BackfillPricesArgs } from "../backfill-prices/job.ts";
import type { PricePlan } from "../backfill-prices/plan.ts";
import { settingsOf } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { addPriceFlags, argsOf, type BackfillFlags } from "./backfill.ts";

/** `quarry plan prices` */
export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .description("say what a backfill would do and take; nothing is touched");
  addPriceFlags(plan.command("prices"))
    .description("partitions by state, requests, time, dollars")
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<BackfillFlags>();
      await printPlan(await argsOf(flags), flags);
    });
}

/** Plans prices and prints the plan. */
export async function printPlan(args: BackfillPricesArgs, flags: BackfillFlags): Promise<void> {
  const settings = settingsOf(flags);
  const [{ openObjects }, { planPrices }] = await Promise.all([
    import("../../shared/objects/open-objects.ts"),
    import("../backfill-prices/plan.ts"),
  ]);
  const objects = await openObjects(settings);
  const plan = await planPrices(args, { ...args, objects, settings, nowMs: Date.now() });
  openTerminal(true).print(flags.json ? JSON.stringify(asJson(plan), null, 2) : show(plan, flags));
}

function asJson({ all, held, units, ...plan }: PricePlan): unknown {
  return { ...plan, units: { all: all.length, done: held, wanted: units.length } };
}

function show(plan: PricePlan, { budgetUsd, maxDuration, on }: BackfillFlags): string {
  const { partitions, reasons, estimate, held } = plan;
  const { lane, dollars } = estimate;
  const lines = [
    `Partitions (ticker, year): ${formatCount(partitions.done)} done, ${formatCount(partitions.missing)} missing, ${formatCount(partitions.failed)} failed, ${formatCount(partitions.stale)} stale.`,
    ...Object.entries(reasons).map(
      ([reason, count]) => `  ${plural(count, "ticker")} failed: ${reason}`,
    ),
    `Fetch units: ${formatCount(estimate.units)} to buy, ${formatCount(held)} held.`,
    `Requests: ${formatCount(estimate.requests)}${lane ? `, through the lane ${lane.name} at ${lane.rate_per_second}/s: ${formatDuration(lane.seconds * secondMs)}` : ""}.`,
    `Work: ${plural(estimate.children, "child", "children")}, ${formatDuration(estimate.seconds * secondMs)} from start to end, ${estimate.vcpu_hours.toFixed(2)} vCPU-hours.`,
    `Network: ${estimate.nat_gb.toFixed(3)} GB in. Tokens: ${formatCount(estimate.tokens.in)} in, ${formatCount(estimate.tokens.out)} out.`,
    on === "local"
      ? `Dollars: nothing here; on AWS $${dollars.spot.toFixed(2)} on Spot, $${dollars.on_demand.toFixed(2)} on demand (list prices of ${dollars.prices_as_of}).`
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
