import { newYorkDay } from "../../../shared/market/new-york.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { FactorReport } from "../../compute-factors/backfill.ts";
import type { FactorPlanRequest } from "../../compute-factors/plan.ts";
import { checkRange, day, list } from "../flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly factors?: string[];
  readonly from: TradingDay;
  readonly to: TradingDay;
}

/** `quarry backfill factor_values` */
export const factorValues: DatasetCommand<FactorPlanRequest, Flags, FactorReport> = {
  dataset: "factor_values",
  description: "values of factors, made of the prices in the warehouse by processes of their own",
  addFlags: (command) =>
    command
      .option("--factors <list>", "names, separated by commas; all by default", list)
      .requiredOption("--from <day>", "first day", day)
      .requiredOption("--to <day>", "last day", day),
  argsOf({ factors, from, to, only, newestFirst }) {
    checkRange(from, to, newYorkDay(Date.now()));
    return Promise.resolve({ factors, from, to, only, newestFirst });
  },
  show,
};

function show({ from, to, factors, held, loaded, values, failed, missing }: FactorReport): string {
  return [
    `${plural(factors, "factor")} from ${from} to ${to}: ${formatCount(loaded.length)} loaded, ${formatCount(held)} held already, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not made; ${formatCount(values)} values.`,
    ...failed.map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
  ].join("\n");
}
