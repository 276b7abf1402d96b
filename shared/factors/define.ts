import type { TextInput } from "../text/text-inputs.ts";
import type { StatementInput } from "../fundamentals/statement-inputs.ts";

/**
 * What a factor may read of one security's prices, each a Float64Array over the sessions of a window, oldest first, NaN where the
 * session has no value. Prices are forward adjusted: the first bar as traded, every later event applied from its day on,
 * so that no value changes when a later event becomes known. Levels mean nothing, ratios and returns do.
 */
export interface PriceInputs {
  /** Prices adjusted for splits. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly price: Float64Array;
  /** Close with splits and dividends: its ratios are total returns. */
  readonly total_return: Float64Array;
  /** Total return since the session before, a fraction; NaN when either close is missing. */
  readonly daily_return: Float64Array;
  /** Shares, adjusted for splits. */
  readonly volume: Float64Array;
  /** Close times volume as traded, dollars. */
  readonly dollar_volume: Float64Array;
  /** Mean `daily_return` over all securities, the same for each. */
  readonly market_return: Float64Array;
}

/**
 * What a factor may read of the company, at each session as it was known at its close: items of its statements, all of the
 * period that was reported last, and what the market pays for all of its shares. NaN where it is not known, more than a year and
 * a half old, or, of the market's price, where the company has several classes of shares.
 */
export type CompanyInput = StatementInput | "market_cap";

export type FactorInput = keyof PriceInputs | CompanyInput | TextInput;

/** Arrays by the names of inputs. */
export type FactorInputs = PriceInputs &
  Partial<Readonly<Record<CompanyInput | TextInput, Float64Array>>>;

/** The arrays of some inputs. */
export type InputArrays<Input extends FactorInput> = Pick<PriceInputs, Input & keyof PriceInputs> &
  Readonly<Record<Input & (CompanyInput | TextInput), Float64Array>>;

/** The part of the arrays that is asked for. */
export interface FactorWindow {
  /** First position to fill; at least `lookback`, unless the arrays begin with the calendar. */
  readonly from: number;
  /** One beyond the last position to fill. */
  readonly to: number;
  /** Sessions between the calendar's first and position 0: the same session has the same number in every window. */
  readonly epoch: number;
}

/** One factor: what it is in words, and a pure function from a security's sessions to values. */
export interface FactorDefinition<Input extends FactorInput = keyof PriceInputs> {
  /** snake_case, permanent. */
  readonly name: string;
  /** Raised whenever the values change. */
  readonly version: number;
  readonly title: string;
  /** The formula in words and symbols, for `quarry factors` and the tear sheet. */
  readonly formula: string;
  /** Paper or definition. */
  readonly reference: string;
  /** +1 when high values are expected to earn more, -1 when less. */
  readonly sign: 1 | -1;
  /** Sessions before the day whose data the value may use. */
  readonly lookback: number;
  readonly inputs: readonly (Input | FactorInput)[];
  /**
   * Fills `out[from .. to)`, which comes as NaN; what can't be computed stays NaN. `out[t]` depends on nothing but the
   * inputs at `t - lookback .. t`, and on their order of summation only through `epoch`: any split of the work by day or
   * by security gives the same bits.
   */
  compute(inputs: InputArrays<Input>, window: FactorWindow, out: Float64Array): void;
}

/** Declares a factor; its `compute` sees exactly the inputs it names. */
export function defineFactor<const Input extends FactorInput>(
  definition: Omit<FactorDefinition<Input>, "inputs"> & { readonly inputs: readonly Input[] },
): FactorDefinition {
  // Whoever calls it hands over what `inputs` names.
  return definition as unknown as FactorDefinition;
}
