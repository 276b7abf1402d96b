import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { inShort, type EvaluateArgs } from "./args.ts";
import type { MeasuredFactor } from "./evaluate.ts";

/** Records what each factor was found to be worth. */
export async function recordEvaluations(
  warehouse: Warehouse,
  results: readonly EvaluationResult[],
  measured: readonly MeasuredFactor[],
  args: EvaluateArgs,
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const parameters = { ...inShort(args), html: undefined, series: undefined };
  for (const [at, { factor }] of measured.entries()) {
    const result = { ...results[at]!, by_date: undefined };
    await warehouse.command(
      `INSERT INTO evaluations SELECT {id:String}, {factor:String}, {version:String}, {parameters:String}, {result:String},
         {runId:String}, toDateTime({now:UInt32}, 'UTC')`,
      {
        id: `${runId}-${factor.name}`,
        factor: factor.name,
        version: factor.version,
        parameters: JSON.stringify(parameters),
        result: JSON.stringify(result),
        runId,
        now: Math.floor(nowMs / 1000),
      },
    );
  }
}
