import type { FactorDefinition, FactorInputs } from "../../../shared/factors/define.ts";

/** A factor over sessions of which only some inputs are told. */
export function overSessions(
  factor: FactorDefinition,
  inputs: Readonly<Record<string, readonly number[]>>,
): Float64Array {
  const columns = Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [name, Float64Array.from(values)]),
  ) as unknown as FactorInputs;
  const length = Math.max(...Object.values(inputs).map((values) => values.length));
  const out = new Float64Array(length).fill(NaN);
  factor.compute(columns, { from: 0, to: length, epoch: 0 }, out);
  return out;
}
