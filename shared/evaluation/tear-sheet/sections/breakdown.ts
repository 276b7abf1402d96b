import { barsWithErrors } from "../charts/bars-with-errors.ts";
import { colour } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { listOf, sessions } from "../horizons.ts";
import { asBasisPoints, asCoefficient, formatNumber } from "../number-format.ts";
import { box, panel, section } from "../panel.ts";
import { icAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { twoErrorsOfIc } from "../standard-error.ts";
import { absent, figure, heatCell, row, table } from "../table.ts";
import type { EvaluationResult } from "../../result.ts";
import { rawBesideNeutral } from "./raw-beside-neutral.ts";

/** Where the signal lives: by group, without known exposures, without lucky endings. Nothing when none was asked for. */
export function breakdown(view: SheetView): Html | undefined {
  const { result } = view;
  const parts = [
    Object.keys(result.ic_by_group).length > 0 && groups(view),
    result.neutralized && neutralised(view, result.neutralized),
    result.neutralized && rawBesideNeutral(view, result.neutralized),
    result.delistings && delistings(view, result.delistings),
  ].filter((part) => part !== false && part !== undefined);
  return parts.length === 0 ? undefined : section("breakdown", "Where it comes from", parts);
}

function groups({ result, horizons, primary }: SheetView): Html {
  const all = Object.entries(result.ic_by_group).sort(
    ([, a], [, b]) => (b[String(primary)] ?? -Infinity) - (a[String(primary)] ?? -Infinity),
  );
  const scale = Math.max(
    ...all.flatMap(([, ic]) => Object.values(ic).map((value) => Math.abs(value ?? 0))),
  );
  return box({
    title: "IC by group",
    note: "Mean rank IC among the names of a group, by horizon in sessions",
    body: table(
      "Mean rank IC by group and horizon",
      ["Group", ...horizons],
      all.map(([name, ic]) => {
        const cells = horizons.map((horizon) => {
          const value = ic[String(horizon)] ?? null;
          const why = reasonOf(result, `ic_by_group.${name}.${horizon}`);
          return value === null
            ? html`<td>${absent(why)}</td>`
            : heatCell(value, scale, formatNumber(value, asCoefficient));
        });
        return html`<tr>
          <th scope="row">${name}</th>
          ${cells}
        </tr> `;
      }),
      "heat numbers",
    ),
    caption: html`Against returns minus their group’s mean, over all names:
    ${horizons.map(
      (horizon, at) =>
        html`${at > 0 && ", "}<b
            >${figure(icAt(result, horizon).mean_group_adjusted, asCoefficient, reasonOf(result, `ic.${horizon}.mean_group_adjusted`))}</b
          >
          over ${sessions(horizon)}`,
    )}.`,
  });
}

function neutralised(
  { result, horizons }: SheetView,
  neutral: NonNullable<EvaluationResult["neutralized"]>,
): Html {
  const by = listOf(neutral.by);
  const raw = horizons.map((horizon) => icAt(result, horizon));
  const pure = horizons.map((horizon) => icAt(neutral, horizon));
  return panel({
    title: "Raw and neutral",
    note: `Mean rank IC by horizon in sessions, as it is and with ${by} taken out; whiskers are ± 2 HAC standard errors`,
    chart: barsWithErrors({
      categories: horizons.map(String),
      format: asCoefficient,
      label: `Mean rank IC by horizon, raw and neutral to ${by}, with two HAC standard errors`,
      groups: [
        {
          name: "raw",
          colour: colour.main,
          values: raw.map(({ mean }) => mean),
          errors: raw.map(twoErrorsOfIc),
        },
        {
          name: `neutral to ${by}`,
          colour: colour.second,
          values: pure.map(({ mean }) => mean),
          errors: pure.map(twoErrorsOfIc),
        },
      ],
    }),
  });
}

function delistings(
  { result, horizons }: SheetView,
  {
    unknown,
    assumed_return,
    at_minus_30_percent: severe,
  }: NonNullable<EvaluationResult["delistings"]>,
): Html {
  const why = "undefined with the assumption too";
  return box({
    title: "Delistings nobody knows the end of",
    note: `${unknown} kept rows run into the end of a security whose delisting return is unknown`,
    body: table(
      "IC and spread under two assumptions of the delisting return",
      ["Sessions", "IC", "IC at −30%", "Spread", "Spread at −30%"],
      horizons.map((horizon) => {
        const key = String(horizon);
        return row(horizon, [
          figure(icAt(result, horizon).mean, asCoefficient, reasonOf(result, `ic.${key}.mean`)),
          figure(severe.ic_mean[key]!, asCoefficient, why),
          figure(result.spread[key]!.mean, asBasisPoints, reasonOf(result, `spread.${key}.mean`)),
          figure(severe.spread_mean[key]!, asBasisPoints, why),
        ]);
      }),
      "numbers",
    ),
    caption: `This page assumes ${formatNumber(assumed_return, { scale: 100, digits: 0, unit: "%" })} from the last price on; beside it, what −30% would give.`,
  });
}
