import type { Membership } from "../../shared/market/universe.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";

/** How factors are evaluated, whatever they come from. */
export interface EvaluateArgs {
  /** Ascending. */
  readonly horizons: readonly number[];
  readonly quantiles: number;
  /** Sessions between the factor's day and the trade. */
  readonly delay: number;
  /** File of groups, JSON `{ticker: group}` or CSV. */
  readonly groups: string | undefined;
  readonly universe: { readonly file: string; readonly members: readonly Membership[] } | undefined;
  readonly minPrice: number | undefined;
  readonly minAdv: number | undefined;
  readonly neutralize: readonly ("group" | "beta" | "size")[];
  readonly costBps: number;
  /** Share of false discoveries that is accepted. */
  readonly q: number;
  /** Used where a security's delisting return is not known. */
  readonly delistingReturn: number | undefined;
  /** Trials in all, where nobody recorded them. */
  readonly trials: number | undefined;
  readonly series: boolean;
  /** Folder for tear sheets. */
  readonly html: string | undefined;
  /** Days of the factor that count. */
  readonly from: TradingDay | undefined;
  readonly to: TradingDay | undefined;
}

/** A signal of the user's own, in files. */
export interface OwnSignal {
  readonly values: string;
  readonly prices: string;
}
