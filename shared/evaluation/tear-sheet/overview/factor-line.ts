import type { Marginal } from "../../overview.ts";
import type { IcSummary, Statistic } from "../../result.ts";
import type { Html } from "../html.ts";
import { icAt, portfolioAt, viewOf, type SheetView } from "../sheet-view.ts";
import type { OverviewPage } from "../tear-sheet.ts";
import type { TradedPortfolio } from "../traded-portfolio.ts";
import { factsOf, verdictOf, type Verdict } from "../verdict.ts";
import { sparkline } from "./sparkline.ts";

/** One factor as the overview speaks of it, at the overview's horizon. */
export interface FactorLine {
  readonly view: SheetView;
  readonly name: string;
  /** Empty for an own signal. */
  readonly title: string;
  readonly href: string;
  readonly verdict: Verdict;
  readonly ic: IcSummary;
  readonly pAdjusted: Statistic;
  readonly portfolio: TradedPortfolio;
  readonly spark: Html;
  /** What it adds to the stronger ones. */
  readonly marginal: Marginal | undefined;
}

/** The factors of the page in its order. */
export function factorLines({ sheets, overview }: OverviewPage): FactorLine[] {
  const { horizon } = overview;
  return sheets.map(({ sheet, href }) => {
    const view = viewOf(sheet);
    const { factor, fdr } = sheet.result;
    return {
      view,
      name: factor,
      title: sheet.words?.title ?? "",
      href,
      verdict: verdictOf(factsOf(view)),
      ic: icAt(view.result, horizon),
      pAdjusted: fdr.p_adjusted[String(horizon)] ?? null,
      portfolio: portfolioAt(view, horizon),
      spark: sparkline(view.byHorizon[view.horizons.indexOf(horizon)]!.ic),
      marginal: overview.marginal.find((marginal) => marginal.factor === factor),
    };
  });
}

/** True where the factor passed at some horizon, whatever its sign. */
export function passed({ verdict }: FactorLine): boolean {
  return verdict.standing.startsWith("passes");
}
