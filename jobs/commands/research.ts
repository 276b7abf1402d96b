import type { Command } from "commander";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";
import { checkRange, day } from "./flags.ts";

interface Flags extends CommonFlags {
  readonly env: string;
  readonly from?: TradingDay;
  readonly to?: TradingDay;
}

/** `quarry research` */
export function addResearch(program: Command): void {
  program
    .command("research")
    .description("start the daily research run of an environment: ingest, compute, evaluate")
    .requiredOption("--env <name>", "environment that was deployed")
    .option("--from <day>", "first day; ten days ago by default", day)
    .option("--to <day>", "last day; the last session by default", day)
    .action(async (_: unknown, command: Command) => {
      const { env, from, to, json } = command.optsWithGlobals<Flags>();
      const today = newYorkDay(Date.now());
      checkRange(from ?? to ?? today, to ?? today, today);
      const { readDeployment, startResearch } =
        await import("../../shared/backfill/executors/aws-account.ts");
      const execution = await startResearch(await readDeployment(env), { from, to });
      openTerminal(true).print(
        json === true
          ? JSON.stringify({ execution })
          : `The research run of ${env} has begun: ${execution}`,
      );
    });
}
