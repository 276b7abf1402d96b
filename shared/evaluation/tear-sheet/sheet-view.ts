import type { TradingDay } from "../../market/trading-day.ts";
import type { HorizonDays } from "../horizon-days.ts";
import type { EvaluationResult, IcSummary } from "../result.ts";
import { primaryHorizon } from "./horizons.ts";
import type { TearSheet } from "./tear-sheet.ts";
import { tradedPortfolios, type TradedPortfolio } from "./traded-portfolio.ts";

/** A sheet with what several of its sections derive from it. */
export interface SheetView {
  readonly sheet: TearSheet;
  readonly result: EvaluationResult;
  readonly horizons: readonly number[];
  /** The horizon that stands first. */
  readonly primary: number;
  /** Kept days. */
  readonly days: readonly TradingDay[];
  /** Their columns, in the order of `horizons`. */
  readonly byHorizon: readonly HorizonDays[];
  readonly portfolios: readonly TradedPortfolio[];
  readonly quantiles: number;
}

/** Looks at a sheet. */
export function viewOf(sheet: TearSheet): SheetView {
  const { result, evaluated } = sheet;
  return {
    sheet,
    result,
    horizons: result.horizons,
    primary: primaryHorizon(result.horizons),
    days: Array.from(evaluated.daily.days, (row) => evaluated.factorDays[row]!),
    byHorizon: evaluated.daily.horizons,
    portfolios: tradedPortfolios(sheet),
    quantiles: evaluated.daily.horizons[0]!.quantiles.length,
  };
}

/** The summary of the information coefficient at a horizon of the result. */
export function icAt({ ic }: Pick<EvaluationResult, "ic">, horizon: number): IcSummary {
  return ic[String(horizon)]!;
}

/** The portfolio at a horizon of the result. */
export function portfolioAt({ portfolios }: SheetView, horizon: number): TradedPortfolio {
  return portfolios.find((portfolio) => portfolio.horizon === horizon)!;
}

/** Why a statistic of the document is null. */
export function reasonOf({ notes }: Pick<EvaluationResult, "notes">, path: string): string {
  return notes.find((note) => note.path === path)?.reason ?? "undefined";
}
