import { barsWithErrors, type BarGroup } from "../charts/bars-with-errors.ts";
import { cumulativeIc } from "../charts/cumulative-ic.ts";
import { icHistogram } from "../charts/ic-histogram.ts";
import { icQuantiles } from "../charts/ic-quantiles.ts";
import { daysPerBar, icSeries } from "../charts/ic-series.ts";
import type { Chart } from "../charts/chart.ts";
import { colour } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { listOf, perHorizon, sessions } from "../horizons.ts";
import { asCoefficient, asRatio } from "../number-format.ts";
import { box, panel, section } from "../panel.ts";
import { icAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { twoErrorsOfIc } from "../standard-error.ts";
import { figure } from "../table.ts";
import { monthlyHeat } from "./monthly-heat.ts";

/** All about the information coefficient. */
export function information(view: SheetView): Html {
  const { horizons, primary, byHorizon, days } = view;
  const at = perHorizon(horizons, primary, "span", sessions);
  const each = (draw: (index: number) => Chart | undefined): Record<string, Chart | undefined> =>
    Object.fromEntries(horizons.map((horizon, index) => [String(horizon), draw(index)]));
  const long = daysPerBar(days.length) > 1;
  return section(
    "ic",
    "Information coefficient",
    panel({
      title: "IC by horizon and delay",
      note: "Mean rank IC by horizon in sessions; whiskers are ± 2 HAC standard errors",
      chart: byDelay(view),
      caption: delayCaption(view),
    }),
    panel({
      title: "Cumulative IC",
      note: "Running sum of the daily rank IC, by horizon",
      chart: days.length > 0 ? cumulativeIc(days, byHorizon) : undefined,
      caption:
        "A factor that works all the time climbs in a straight line; a step is luck or a regime.",
    }),
    panel({
      title: "IC by day",
      note: html`Rank IC at ${at}`,
      wide: true,
      primary,
      chart: days.length > 0 ? each((index) => icSeries(days, byHorizon[index]!)) : undefined,
      caption:
        long && `The history is long: each bar is the mean of ${daysPerBar(days.length)} days.`,
    }),
    box({
      title: "IC by month",
      note: html`Mean rank IC at ${at}`,
      wide: true,
      body: perHorizon(horizons, primary, "div", (horizon) =>
        monthlyHeat(days, byHorizon[horizons.indexOf(horizon)]!),
      ),
    }),
    panel({
      title: "IC distribution",
      note: html`Days by rank IC at ${at}.
      ${perHorizon(horizons, primary, "span", (horizon) => shape(view, horizon))}`,
      primary,
      chart: each((index) => icHistogram(byHorizon[index]!)),
    }),
    panel({
      title: "IC against the normal",
      note: html`Q-Q plot at ${at}, standardised`,
      primary,
      chart: each((index) => icQuantiles(byHorizon[index]!)),
      caption:
        "Above the line at the right, or below it at the left: days more extreme than a normal distribution has.",
    }),
  );
}

function shape({ result }: SheetView, horizon: number): Html {
  const { skew, kurtosis } = icAt(result, horizon);
  const why = (name: string): string => reasonOf(result, `ic.${horizon}.${name}`);
  return html`Skew ${figure(skew, asRatio, why("skew"))}, excess kurtosis
  ${figure(kurtosis, asRatio, why("kurtosis"))}`;
}

function byDelay({ sheet, horizons, result }: SheetView): Chart | undefined {
  const groups = sheet.icByDelay.map(({ delay, ic }): BarGroup => {
    const summaries = horizons.map((horizon) => ic[String(horizon)]!);
    return {
      name: `delay ${delay}`,
      colour: delay === result.delay ? colour.main : colour.muted,
      values: summaries.map(({ mean }) => mean),
      errors: summaries.map(twoErrorsOfIc),
    };
  });
  const categories = horizons.map(String);
  const label = `Mean rank IC at ${listOf(categories)} sessions, at ${listOf(groups.map(({ name }) => name))}, with two HAC standard errors`;
  return barsWithErrors({ categories, groups, format: asCoefficient, label });
}

function delayCaption({ result }: SheetView): string {
  return `Delay is the number of sessions between the factor’s day and the trade. This page stands on delay ${result.delay}${
    result.delay === 0 ? ", which trades at the very close that the value is made from." : "."
  }`;
}
