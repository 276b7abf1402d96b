import { Option, type Command } from "commander";
import type { Only } from "../../../shared/backfill/plan.ts";
import type { DatasetName } from "../../../shared/catalogue.ts";
import type { CommonFlags } from "../../run-job.ts";
import { number } from "../flags.ts";

/** Flags of `backfill` and of `plan`, whatever the dataset. */
export interface BackfillFlags extends CommonFlags {
  readonly only: Only;
  readonly newestFirst?: boolean;
  readonly maxDuration?: number;
  readonly budgetUsd?: number;
  readonly on: "local" | "aws-batch";
  readonly env: string;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
}

/** How a dataset is asked for, and its report shown. */
export interface DatasetCommand<Args, Flags extends BackfillFlags, Report> {
  readonly dataset: DatasetName;
  readonly description: string;
  addFlags(command: Command): Command;
  /** @throws InvalidInput when the flags don't fit together */
  argsOf(flags: Flags): Promise<Args>;
  show(report: Report): string;
}

/** A dataset's command whose types nobody needs to know. */
export type AnyDatasetCommand = DatasetCommand<unknown, BackfillFlags, unknown>;

/** Gives a command the flags that say which of the units, within which limits, and where. */
export function addBackfillFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--only <state>", "which of the units that are not done")
        .choices(["missing", "failed", "stale", "all"])
        .default("all"),
    )
    .option("--newest-first", "the youngest first")
    .option("--max-duration <minutes>", "no unit is begun after so long", number(0.01, 100_000))
    .option("--budget-usd <dollars>", "nothing is ordered beyond it", number(0, 1e9))
    .addOption(
      new Option("--on <executor>", "where the work is done")
        .choices(["local", "aws-batch"])
        .default("local"),
    )
    .addOption(
      new Option("--env <name>", "environment that was deployed, with --on aws-batch")
        .env("QUARRY_ENV")
        .default("dev"),
    );
}
