import { formatCount } from "../../../units.ts";
import { orNull } from "../../notes.ts";
import type { Overview } from "../../overview.ts";
import { barsWithErrors } from "../charts/bars-with-errors.ts";
import { colour } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { sessions } from "../horizons.ts";
import { asCoefficient } from "../number-format.ts";
import { box, panel } from "../panel.ts";
import { twoErrors, twoErrorsOfIc } from "../standard-error.ts";
import { correlationMatrix } from "./correlation-matrix.ts";
import type { FactorLine } from "./factor-line.ts";

/** How alike the factors are. */
export function likeness(overview: Overview): Html {
  const { factors, days, horizon, sparse } = overview;
  const wide = factors.length > 7;
  const looked = `over ${formatCount(days)} days, on names that have every factor and a return${sparse.length === 0 ? "" : `; without ${sparse.join(", ")}, which few names have`}`;
  return html`${box({
    title: "Correlation of values",
    wide,
    note: `Mean rank correlation by day, ${looked}`,
    body: correlationMatrix(
      "Mean rank correlation of the factors’ values",
      factors,
      overview.valueCorrelation,
    ),
    caption: "Near ±1: two names for one bet.",
  })}${box({
    title: "Correlation of ICs",
    wide,
    note: `Over ${sessions(horizon)}, between the daily ICs`,
    body: correlationMatrix(
      "Correlation over days of the factors’ information coefficients",
      factors,
      overview.icCorrelation,
    ),
    caption: "Near +1: they work, and fail, at the same time.",
  })}`;
}

/** What each factor adds to the stronger ones before it. */
export function additions(overview: Overview, lines: readonly FactorLine[]): Html {
  const { marginal, horizon } = overview;
  const alone = marginal.map(({ factor }) => lines.find(({ name }) => name === factor)?.ic);
  return panel({
    title: "IC alone, and IC added",
    note: `Mean rank IC over ${sessions(horizon)}, strongest first; whiskers are ± 2 standard errors`,
    wide: true,
    chart: barsWithErrors({
      horizontal: true,
      categories: marginal.map(({ factor }) => factor),
      format: asCoefficient,
      label: `Mean rank IC of each factor alone and after the stronger ones, over ${sessions(horizon)}`,
      groups: [
        {
          name: "alone",
          colour: colour.muted,
          values: alone.map((ic) => ic?.mean ?? null),
          errors: alone.map((ic) => (ic ? twoErrorsOfIc(ic) : null)),
        },
        {
          name: "added to those above it",
          colour: colour.main,
          values: marginal.map(({ ic }) => orNull(ic)),
          errors: marginal.map(({ ic, t }) => twoErrors(orNull(ic), orNull(t))),
        },
      ],
    }),
    caption:
      "Added: the IC of the part of a factor’s ranks that the ranks of all factors above it do not explain, on names that have every factor.",
  });
}
