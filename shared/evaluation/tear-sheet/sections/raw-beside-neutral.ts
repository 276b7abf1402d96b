import type { EvaluationResult, FactorSummary } from "../../result.ts";
import type { Html } from "../html.ts";
import { listOf } from "../horizons.ts";
import { asCoefficient, asRatio } from "../number-format.ts";
import { box } from "../panel.ts";
import { icAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { figure, row, table } from "../table.ts";
import { directionWords } from "./portfolio.ts";

/** The raw and the neutral factor in one table, portfolios in the traded direction. */
export function rawBesideNeutral(
  view: SheetView,
  neutral: NonNullable<EvaluationResult["neutralized"]>,
): Html {
  const { result, horizons, portfolios } = view;
  const { direction } = portfolios[0]!;
  const cells = (of: FactorSummary, horizon: number, prefix: string): Html[] => {
    const { mean, t_hac } = icAt(of, horizon);
    const { sharpe } = of.long_short[String(horizon)]!;
    const why = (path: string): string => reasonOf(result, `${prefix}${path}`);
    return [
      figure(mean, asCoefficient, why(`ic.${horizon}.mean`)),
      figure(t_hac, asRatio, why(`ic.${horizon}.t_hac`)),
      figure(
        sharpe === null ? null : direction * sharpe,
        asRatio,
        why(`long_short.${horizon}.sharpe`),
      ),
    ];
  };
  return box({
    title: "Raw beside neutral",
    note: `Neutral to ${listOf(neutral.by)}; only the raw factor is judged`,
    body: table(
      "The raw and the neutral factor by horizon",
      [
        "Sessions",
        "IC raw",
        "t HAC raw",
        "Sharpe raw",
        "IC neutral",
        "t HAC neutral",
        "Sharpe neutral",
      ],
      horizons.map((horizon) =>
        row(horizon, [...cells(result, horizon, ""), ...cells(neutral, horizon, "neutralized.")]),
      ),
      "numbers",
    ),
    caption: `Sharpe ratios of the long-short portfolio before cost, ${directionWords(view)}.`,
  });
}
