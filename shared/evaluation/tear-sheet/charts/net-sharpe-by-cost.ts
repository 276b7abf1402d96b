import { colour, horizonColour } from "../colours.ts";
import { sessions } from "../horizons.ts";
import { asCount, asRatio, rounded } from "../number-format.ts";
import type { TradedPortfolio } from "../traded-portfolio.ts";
import { horizontalAxis, numberAxis, plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { line } from "./marks.ts";

/** Net Sharpe ratio over the cost of a trade, a line a horizon, with the cost that was assumed. */
export function netSharpeByCost(portfolios: readonly TradedPortfolio[]): Chart {
  const names = portfolios.map(({ horizon }) => sessions(horizon));
  const colours = portfolios.map((_, at) => horizonColour(at, portfolios.length));
  const { capacity: firstCurve, costBps: assumed } = portfolios[0]!;
  const costs = firstCurve.map(({ cost_bps }) => cost_bps);
  const basisPoints = { ...asCount, unit: " bp" };
  return {
    label: `Net Sharpe ratio by cost a side, for holding ${names.join(", ")}`,
    legend: [
      ...names.map((name, at) => ({ name, colour: colours[at]!, mark: "line" as const })),
      { name: "assumed cost", colour: colour.quiet, mark: "dash" },
    ],
    formats: { x: basisPoints, y: [asRatio], series: names.map(() => asRatio) },
    option: {
      grid: plot,
      dataset: {
        source: {
          cost: costs,
          ...Object.fromEntries(
            portfolios.map(({ capacity }, at) => [
              `h${at}`,
              rounded(
                capacity.map(({ sharpe }) => sharpe),
                3,
              ),
            ]),
          ),
        },
      },
      xAxis: horizontalAxis(),
      yAxis: numberAxis(),
      series: names.map((name, at) => ({
        ...line(name, `h${at}`, colours[at]!, {
          x: "cost",
          rule: at === 0 ? assumed : undefined,
        }),
        showSymbol: true,
        symbol: "circle",
        symbolSize: 5,
      })),
    },
  };
}
