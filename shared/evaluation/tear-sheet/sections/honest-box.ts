import { formatCount } from "../../../units.ts";
import { factList } from "../fact-list.ts";
import { html, type Html } from "../html.ts";
import { delayWords, listOf, sessions } from "../horizons.ts";
import {
  asCoefficient,
  asPercent,
  asRatio,
  formatLevel,
  formatNumber,
  formatP,
} from "../number-format.ts";
import { box, section } from "../panel.ts";
import { icAt, portfolioAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { figure, row, table } from "../table.ts";
import { trialsCounted } from "../verdict.ts";
import { directionWords } from "./portfolio.ts";
import { notesList } from "./notes-list.ts";

/** What was assumed, tested, counted, dropped, and what is not here. */
export function honestBox(view: SheetView): Html {
  return section(
    "honest",
    "The honest box",
    box({ title: "What was assumed", wide: true, body: assumed(view) }),
    box({
      title: "Tests by horizon",
      note: "HAC beside iid: the difference is what overlap and persistence are worth",
      wide: true,
      body: tests(view),
      caption: methods(view),
    }),
    box({
      title: "Deflated Sharpe ratio",
      note: "Probability that the true Sharpe ratio is positive, given how many were tried",
      wide: true,
      body: deflated(view),
      caption: html`Bailey and López de Prado (2014). Sharpe ratios are per day, before cost,
      ${directionWords(view)}.`,
    }),
    box({ title: "What this page does not show", body: notShown(view) }),
    box({
      title: "Notes of the evaluation",
      body: notesList(view.result.notes),
    }),
  );
}

function assumed(view: SheetView): Html {
  const { result, horizons, quantiles, portfolios, sheet } = view;
  const { dropped } = result;
  const share = (value: number | null): string => formatNumber(value, { ...asPercent, digits: 2 });
  return factList(
    [
      ["Traded", delayWords(result.delay)],
      ["Horizons", `${listOf(horizons)} rows of the price table; one set of rows for all of them`],
      [
        "Rows that count",
        "value and returns at every horizon exist; a day whose quantile edges coincide is dropped whole",
      ],
      ["Prices", "no price is filled; a return over a gap is missing"],
      ["Quantiles", `${quantiles}, cut by day, equal weights`],
      [
        "Cost",
        `${portfolios[0]!.costBps} bp of a trade’s value a side, the same for every name and day`,
      ],
      ["Portfolio", directionWords(view)],
      ["Universe", sheet.provenance.universe],
      [
        "Trials",
        `${trialsCounted(result.fdr)}; Benjamini–Hochberg at ${formatLevel(result.fdr.q)}`,
      ],
      [
        "Dropped",
        `${share(dropped.forward_returns)} of the values had no returns at every horizon, ${share(dropped.binning)} fell on days without quantiles`,
      ],
    ],
    "assumed",
  );
}

function tests({ result, horizons }: SheetView): Html {
  const { p_adjusted, rejected } = result.fdr;
  return table(
    "Tests of the mean rank IC by horizon",
    ["Sessions", "IC mean", "t iid", "t HAC", "p iid", "p HAC", "p adjusted", "Verdict", "Days"],
    horizons.map((horizon) => {
      const ic = icAt(result, horizon);
      const why = (name: string): string => reasonOf(result, `ic.${horizon}.${name}`);
      return row(horizon, [
        figure(ic.mean, asCoefficient, why("mean")),
        figure(ic.t_iid, asRatio, why("t_iid")),
        figure(ic.t_hac, asRatio, why("t_hac")),
        figure(ic.p_iid, formatP, why("p_iid")),
        figure(ic.p_hac, formatP, why("p_hac")),
        figure(p_adjusted[String(horizon)] ?? null, formatP, why("p_hac")),
        rejected[String(horizon)] === true ? "passes" : "does not pass",
        formatCount(ic.days),
      ]);
    }),
    "numbers",
  );
}

function methods({ result, horizons }: SheetView): Html {
  return html`<ul class="plain">
    ${horizons.map(
      (horizon) => html`<li><b>${sessions(horizon)}</b> ${icAt(result, horizon).hac_method}</li>`,
    )}
  </ul>`;
}

function deflated(view: SheetView): Html {
  return table(
    "Deflated Sharpe ratio and its inputs by holding period",
    [
      "Sessions",
      "Probability",
      "Sharpe a day",
      "Expected best by luck",
      "Variance of trials",
      "Trials",
      "Days",
      "Skew",
      "Kurtosis",
    ],
    view.horizons.map((horizon) => {
      const one = portfolioAt(view, horizon).deflated;
      const why =
        one.trials < 2
          ? "needs at least 2 trials at this horizon"
          : "the portfolio’s returns have no variance";
      const fine = { ...asRatio, digits: 4 };
      return row(horizon, [
        figure(one.probability, asPercent, why),
        figure(one.sharpe, fine, why),
        figure(one.expected_maximum, fine, why),
        figure(one.variance_of_trials, (value) => (value ?? 0).toPrecision(3), why),
        formatCount(one.trials),
        formatCount(one.observations),
        figure(one.skew, asRatio, why),
        figure(one.kurtosis, asRatio, why),
      ]);
    }),
    "numbers",
  );
}

function notShown({ result, sheet }: SheetView): Html {
  const items = [
    "Nothing here is out of sample: every kept day took part in every number.",
    "Market impact, borrowing fees, names that can’t be shorted, taxes. Cost is linear and the same for all.",
    "How much money the factor carries: the curve by cost is not a capacity in dollars.",
    "Trials that were never recorded: the control counts what it was told of.",
    Object.keys(result.ic_by_group).length === 0 &&
      "Groups: none were given, so a bet on one industry can’t be told from a factor.",
    !result.neutralized &&
      "Exposures: nothing was neutralised, so a market or size bet may hide in it.",
    !result.delistings &&
      "Delistings: where a security ended is not known here, so its last returns are missing, not bad.",
    !sheet.provenance.simulated && "Errors of the vendor that passed every check of the import.",
  ];
  return html`<ul class="bullets">
    ${items.map((item) => item !== false && html`<li>${item}</li>`)}
  </ul>`;
}
