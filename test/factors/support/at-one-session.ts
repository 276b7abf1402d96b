import type { FactorDefinition, FactorInput } from "../../../shared/factors/define.ts";
import { valuesOf } from "./values-of.ts";

/** A factor's value at one session, from what its inputs are then. */
export function atOneSession(
  factor: FactorDefinition,
  inputs: Partial<Record<FactorInput, number>>,
): number {
  const given = Object.entries(inputs as Record<string, number>).map(([name, value]) => [
    name,
    Float64Array.of(value),
  ]);
  return valuesOf(factor, Object.fromEntries(given) as Record<string, Float64Array>)[0]!;
}
