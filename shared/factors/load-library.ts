import { readdir } from "node:fs/promises";
import { Failed, InvalidInput } from "../errors.ts";
import type { FactorDefinition } from "./define.ts";

const folder = new URL("library/", import.meta.url);

function isFactor(value: unknown): value is FactorDefinition {
  return typeof value === "object" && value !== null && "lookback" in value && "compute" in value;
}

/**
 * Every factor of the library, by name. A factor is there because its file is: nothing else lists it.
 *
 * @throws Failed when a file exports none, or two have one name
 */
export async function loadLibrary(): Promise<FactorDefinition[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  const factors = await Promise.all(
    names.map(async (name) => {
      const exported = Object.values((await import(new URL(name, folder).href)) as object);
      const factor = exported.find(isFactor);
      if (factor === undefined) {
        throw new Failed(
          `shared/factors/library/${name}: expected a factor made with defineFactor.`,
        );
      }
      return factor;
    }),
  );
  const twice = factors.find(({ name }, at) => factors.findIndex((f) => f.name === name) !== at);
  if (twice) throw new Failed(`shared/factors/library: two factors are called ${twice.name}.`);
  return factors.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The factors with the given names, in their order; all of them when none is given.
 *
 * @throws InvalidInput for a name that is no factor
 */
export function pickFactors(
  library: readonly FactorDefinition[],
  names: readonly string[] | undefined,
): FactorDefinition[] {
  if (names === undefined) return [...library];
  return [...new Set(names)].map((name) => {
    const factor = library.find((candidate) => candidate.name === name);
    if (factor === undefined) {
      throw new InvalidInput(
        `Expected a factor of the library (${library.map((f) => f.name).join(", ")}), got "${name}".`,
      );
    }
    return factor;
  });
}
