import { formatCount, plural } from "../../../shared/units.ts";
import type { EvaluationsReport } from "../../evaluate-factors/backfill.ts";
import type { EvaluationPlanRequest } from "../../evaluate-factors/plan.ts";
import { addEvaluateFlags, evaluateArgsOf, type EvaluateFlags } from "../evaluate-flags.ts";
import { list } from "../flags.ts";
import { showEvaluations } from "../show-evaluations.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags, EvaluateFlags {
  readonly factors?: string[];
}

/** `quarry backfill evaluations` */
export const evaluations: DatasetCommand<EvaluationPlanRequest, Flags, EvaluationsReport> = {
  dataset: "evaluations",
  description: "evaluations of factors that have values, by processes of their own",
  addFlags: (command) =>
    addEvaluateFlags(
      command.option("--factors <list>", "names, separated by commas; all that have values", list),
    ),
  async argsOf(flags) {
    const { factors, only, newestFirst } = flags;
    return { factors, evaluate: await evaluateArgsOf(flags, 1), only, newestFirst };
  },
  show,
};

function show({ factors, held, results, failed, missing }: EvaluationsReport): string {
  return [
    ...(results.length > 0 ? [showEvaluations({ results, pages: [] }), ""] : []),
    `${plural(factors, "factor")}: ${formatCount(results.length)} judged, ${formatCount(held)} measured before, ${formatCount(failed.length)} failed, ${formatCount(missing.length)} not measured.`,
    ...failed.map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
  ].join("\n");
}
