import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import type { EvaluateReport } from "../evaluate-factors/job.ts";
import { textTable } from "../table.ts";

/** A table of factors by horizon, and where the pages are. */
export function showEvaluations({
  results,
  pages,
}: Pick<EvaluateReport, "results" | "pages">): string {
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
