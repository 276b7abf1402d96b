import { Option, type Command } from "commander";
import { providers, type ProviderName } from "../../shared/text/providers.ts";
import type { CommonFlags } from "../run-job.ts";
import { number } from "./flags.ts";

/** Flags that say which model is asked, and what it may cost. */
export interface ModelFlags extends CommonFlags {
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly prompt?: string;
  readonly budgetUsd?: number;
  readonly dryRun?: boolean;
}

/** Gives a command the flags that say which model is asked. */
export function addProviderFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--provider <name>",
        "local: word lists, no account; bedrock by default where BEDROCK_MODEL_ID is set",
      ).choices(providers),
    )
    .option("--model <id>", "model of Bedrock, or its inference profile (BEDROCK_MODEL_ID)");
}

/** Gives a command the flags that say which model is asked, and what it may cost. */
export function addModelFlags(command: Command): Command {
  return addProviderFlags(command).option(
    "--budget-usd <n>",
    "dollars that may be spent; the next run goes on",
    number(0, 1e6),
  );
}
