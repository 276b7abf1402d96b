import type { HorizonDays } from "../../horizon-days.ts";
import { barsWithErrors } from "../charts/bars-with-errors.ts";
import type { Chart } from "../charts/chart.ts";
import { quantileGrowth, quantileNames } from "../charts/quantile-growth.ts";
import { spreadSeries, spreadWindow } from "../charts/spread-series.ts";
import { colour, quantileColour } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { perHorizon, sessions } from "../horizons.ts";
import { asBasisPoints } from "../number-format.ts";
import { panel, section } from "../panel.ts";
import { icAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { twoErrorsOfMean } from "../standard-error.ts";
import { figure } from "../table.ts";

/** What the quantiles earned. */
export function quantileReturns(view: SheetView): Html {
  const { horizons, primary, byHorizon, days, result } = view;
  const at = perHorizon(horizons, primary, "span", sessions);
  const shortest = byHorizon[0]!;
  const each = (draw: (of: HorizonDays) => Chart | undefined): Record<string, Chart | undefined> =>
    Object.fromEntries(byHorizon.map((of) => [String(of.horizon), draw(of)]));
  return section(
    "quantiles",
    "Quantile returns",
    panel({
      title: "Mean return by quantile",
      note: html`Return over ${at} minus the day’s mean of all names, in basis points; whiskers are
      ± 2 HAC standard errors`,
      primary,
      chart: each((of) => meanReturns(view, of)),
      caption:
        "The document’s standard_error takes days as independent; over more than 1 session it is too small, so these whiskers are longer.",
    }),
    panel({
      title: "Cumulative return by quantile",
      note: `Relative to all names, from ${shortest.horizon}-session returns`,
      chart: days.length > 0 ? quantileGrowth(days, shortest) : undefined,
      caption: growthCaption(shortest.horizon),
    }),
    panel({
      title: "Top minus bottom quantile",
      note: html`Return over ${at}, in basis points;
      ${perHorizon(
        horizons,
        primary,
        "span",
        (horizon) =>
          html`mean
          ${figure(result.spread[String(horizon)]!.mean, asBasisPoints, reasonOf(result, `spread.${horizon}.mean`))}`,
      )}`,
      wide: true,
      primary,
      chart: each((of) => spreadSeries(days, of)),
      caption: `The band is the standard deviation of the same ${spreadWindow} days: what a single day may bring, not the error of the mean.`,
    }),
  );
}

function meanReturns({ result, quantiles }: SheetView, of: HorizonDays): Chart | undefined {
  const { hac_lag } = icAt(result, of.horizon);
  const names = quantileNames(quantiles);
  const demeaned = of.quantiles.map((column) =>
    column.map((value, day) => value - of.universe[day]!),
  );
  return barsWithErrors({
    categories: names,
    format: asBasisPoints,
    label: `Mean return over ${sessions(of.horizon)} by quantile, minus that of all names, with two HAC standard errors`,
    groups: [
      {
        name: "mean return",
        colour: colour.main,
        colours: names.map((_, at) => quantileColour(at, quantiles)),
        values: result.quantiles[String(of.horizon)]!.mean_return_demeaned,
        errors: demeaned.map((series) => twoErrorsOfMean(series, hac_lag)),
      },
    ],
  });
}

function growthCaption(horizon: number): string {
  const start =
    "Each quantile is remade every day with equal weights and no cost; a point stands at the factor’s day.";
  if (horizon === 1) return start;
  return `${start} The shortest horizon is ${sessions(horizon)}: each day’s return counts with its ${horizon}th root, as if a new tranche of 1/${horizon} were bought every session.`;
}
