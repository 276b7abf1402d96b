import type {
  FactorDefinition,
  FactorInputs,
  FactorWindow,
} from "../../../shared/factors/define.ts";

/**
 * A factor's values over a whole array, or over `window` of it. Inputs that are not given are NaN throughout,
 * so a factor that reads more than it names, or more than the test knows of, has no value.
 */
export function valuesOf(
  factor: FactorDefinition,
  given: Partial<FactorInputs>,
  window: Partial<FactorWindow> = {},
): Float64Array {
  const length = Object.values(given)[0]!.length;
  const nothing = (): Float64Array => new Float64Array(length).fill(NaN);
  const inputs: FactorInputs = {
    open: nothing(),
    high: nothing(),
    low: nothing(),
    price: nothing(),
    total_return: nothing(),
    daily_return: nothing(),
    volume: nothing(),
    dollar_volume: nothing(),
    market_return: nothing(),
    ...Object.fromEntries(factor.inputs.map((name) => [name, nothing()])),
    ...given,
  };
  const out = nothing();
  factor.compute(inputs, { from: 0, to: length, epoch: 0, ...window }, out);
  return out;
}
