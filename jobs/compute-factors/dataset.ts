import {
  openWithoutLane,
  workOf,
  type BuyDeps,
  type Dataset,
} from "../../shared/backfill/dataset.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { isDiskFull, MalformedRecord, messageOf, QuarryError } from "../../shared/errors.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { computeFromPanel } from "../../shared/factors/panel/compute-from-panel.ts";
import { readManifest } from "../../shared/factors/panel/manifest.ts";
import { covers, unitsOfRun, type FactorUnit } from "./units.ts";

/** Factor values, as runs see them: made from a panel in the object store, by whoever is told to. */
export const dataset: Dataset<FactorUnit> = {
  name: "factor_values",
  keyOf: ({ factor }) => factor,
  isDone: (unit, told) => told.some((receipt) => covers(unit, receipt)),
  lane: () => undefined,
  unitsOf: unitsOfRun,
  async open({ source }, deps) {
    const library = new Map((await loadLibrary()).map((factor) => [factor.name, factor]));
    return openWithoutLane(
      workOf(dataset, source, (unit, signal) => make(unit, library.get(unit.factor), deps, signal)),
    );
  },
};

/** Computes a unit's values and leaves them; a factor that can't be computed fails alone. */
async function make(
  unit: FactorUnit,
  factor: FactorDefinition | undefined,
  { objects }: Pick<BuyDeps, "objects">,
  signal: AbortSignal,
): Promise<Brought> {
  const { from, to, basis } = unit;
  const receipt = { from, to, basis, capture: null, about: { version: unit.version } };
  const failed = (reason: string, message: string): Brought => {
    return { ...receipt, state: "failed", reason, message, files: [] };
  };
  if (factor?.version !== unit.version) {
    return failed(
      "other_version",
      `${unit.factor} version ${unit.version} was asked for, and the code here has ${factor === undefined ? "none" : `version ${factor.version}`}.`,
    );
  }
  const panel = await readManifest(objects, unit.panel);
  if (panel === undefined) {
    throw new MalformedRecord(`${objects.location} does not hold the panel ${unit.panel}.`);
  }
  try {
    const files = await computeFromPanel(objects, panel, factor, unit, signal);
    return { ...receipt, state: "done", reason: "", message: "", files };
  } catch (thrown) {
    // The store, the disk and the panel are no matter of this factor's.
    if (signal.aborted || thrown instanceof QuarryError || isDiskFull(thrown)) throw thrown;
    return failed("threw", messageOf(thrown));
  }
}
