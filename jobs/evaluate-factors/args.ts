import type { Membership } from "../../shared/market/universe.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";

/** Groups by ticker. */
export interface GroupFile {
  /** The file that they stand in, or the list of the warehouse. */
  readonly file: string;
  /** By ticker, as `comparable` writes it; undefined for a list of the warehouse, which is read as known on each day. */
  readonly of: Readonly<Record<string, string>> | undefined;
}

/** Who is in, and when. */
export interface UniverseFile {
  /** The file, or the list of the warehouse. */
  readonly file: string;
  /** Undefined for a list of the warehouse, which is read as known on each day. */
  readonly members: readonly Membership[] | undefined;
}

/** How factors are evaluated, whatever they come from. */
export interface EvaluateArgs {
  /** Ascending. */
  readonly horizons: readonly number[];
  readonly quantiles: number;
  /** Sessions between the factor's day and the trade. */
  readonly delay: number;
  readonly groups: GroupFile | undefined;
  readonly universe: UniverseFile | undefined;
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

/** The same with files by their names: what tables of runs and evaluations keep. */
export function inShort(args: EvaluateArgs): Record<string, unknown> {
  return { ...args, universe: args.universe?.file ?? "all", groups: args.groups?.file };
}
