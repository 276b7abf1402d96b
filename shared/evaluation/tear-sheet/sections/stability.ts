import { barsWithErrors } from "../charts/bars-with-errors.ts";
import { coverageChart, coverageDays } from "../charts/coverage.ts";
import type { Chart } from "../charts/chart.ts";
import { quantileNames } from "../charts/quantile-growth.ts";
import { horizonColour } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { sessions } from "../horizons.ts";
import { asPercent, asRatio, formatNumber } from "../number-format.ts";
import { panel, section } from "../panel.ts";
import { reasonOf, type SheetView } from "../sheet-view.ts";
import { figure } from "../table.ts";

/** How fast the ranking changes, and how many names there are. */
export function stability(view: SheetView): Html {
  const { sheet, result, horizons } = view;
  const { dropped } = result;
  const coverage = coverageDays(sheet.evaluated.factorDays, sheet.valuesIn, sheet.evaluated.daily);
  return section(
    "stability",
    "Turnover and coverage",
    panel({
      title: "Turnover by quantile",
      note: "Share of a quantile’s names that were not in it one horizon before",
      chart: turnover(view),
      caption: html`Rank autocorrelation:
      ${horizons.map(
        (horizon, at) =>
          html`${at > 0 && ", "}<b
              >${figure(result.rank_autocorrelation[String(horizon)]!, asRatio, reasonOf(result, `rank_autocorrelation.${horizon}`))}</b
            >
            over ${sessions(horizon)}`,
      )}.
      1 is a ranking that never changes.`,
    }),
    panel({
      title: "Coverage",
      note: `Names kept by day, and the share of the day’s values dropped below`,
      chart: coverage.days.length > 0 ? coverageChart(coverage) : undefined,
      caption: html`Dropped in all: ${formatNumber(dropped.forward_returns, asPercent)} without
      returns at every horizon, ${formatNumber(dropped.binning, asPercent)} on days whose quantile
      edges coincide. The last days have no returns yet.`,
    }),
  );
}

function turnover({ result, horizons, quantiles }: SheetView): Chart | undefined {
  const groups = horizons.map((horizon, at) => ({
    name: sessions(horizon),
    colour: horizonColour(at, horizons.length),
    values: result.turnover[String(horizon)]!,
  }));
  return barsWithErrors({
    categories: quantileNames(quantiles),
    groups,
    format: asPercent,
    label: "Turnover of each quantile over each horizon",
  });
}
