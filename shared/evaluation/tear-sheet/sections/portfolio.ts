import { longShort } from "../charts/long-short.ts";
import { netSharpeByCost } from "../charts/net-sharpe-by-cost.ts";
import { html, type Html } from "../html.ts";
import { perHorizon, sessions } from "../horizons.ts";
import { asPercent, asRatio } from "../number-format.ts";
import { box, panel, section } from "../panel.ts";
import { reasonOf, type SheetView } from "../sheet-view.ts";
import { figure, row, table } from "../table.ts";
import type { TradedPortfolio } from "../traded-portfolio.ts";

/** What trading the factor would have earned. */
export function portfolio(view: SheetView): Html {
  const { horizons, primary, portfolios } = view;
  const drawn = portfolios.some(({ gross }) => gross.length > 0);
  return section(
    "portfolio",
    "Long-short portfolio",
    panel({
      title: "Growth and drawdown",
      note: html`Held ${perHorizon(horizons, primary, "span", sessions)} in overlapping tranches;
      ${directionWords(view)}`,
      wide: true,
      tall: true,
      primary,
      chart: drawn
        ? Object.fromEntries(portfolios.map((one) => [String(one.horizon), longShort(one)]))
        : undefined,
      caption:
        "Weights go with the factor’s distance from its mean and add up to 1 in size, one half on each side; returns compound daily.",
    }),
    panel({
      title: "Net Sharpe ratio by cost",
      note: "Annualised, by cost of a trade in basis points a side",
      chart: drawn ? netSharpeByCost(portfolios) : undefined,
      caption: "Where a line crosses zero, trading costs have eaten all.",
    }),
    box({
      title: "By holding period",
      note: `At ${portfolios[0]!.costBps} bp a side`,
      body: table(
        "The long-short portfolio by holding period",
        [
          "Sessions",
          "Sharpe gross",
          "Sharpe net",
          "Return net, yearly",
          "Drawdown net",
          "Turnover daily",
        ],
        portfolios.map((one) => portfolioRow(view, one)),
        "numbers",
      ),
    }),
  );
}

function portfolioRow({ result }: SheetView, one: TradedPortfolio): Html {
  const why = reasonOf(result, `long_short.${one.horizon}.sharpe`);
  return row(one.horizon, [
    figure(one.grossSharpe, asRatio, why),
    figure(one.netSharpe, asRatio, why),
    figure(one.netAnnualReturn, asPercent, why),
    figure(one.netDrawdown, asPercent, why),
    figure(one.turnover, asPercent, why),
  ]);
}

/** Which side is long, and why. */
export function directionWords({ sheet, portfolios }: SheetView): string {
  if (sheet.words === undefined) return "long high values, short low ones, as no sign was declared";
  return portfolios[0]!.direction > 0
    ? "long high values, short low ones, as the expected sign says"
    : "long low values, short high ones, as the expected sign says";
}
