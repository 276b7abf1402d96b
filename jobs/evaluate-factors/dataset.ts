import {
  openWithoutLane,
  workOf,
  type BuyDeps,
  type Dataset,
} from "../../shared/backfill/dataset.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { messageOf } from "../../shared/errors.ts";
import { getSetup, getTask, putMeasurement } from "../../shared/evaluation/measure-panel.ts";
import { Measurer, type MeasureSetup } from "../../shared/evaluation/measure.ts";
import { isOf, taskKey, unitsOfRun, type EvaluationUnit } from "./units.ts";

/** Evaluations, as runs see them: a child measures; what a measurement is worth is judged against all trials, by the loader. */
export const dataset: Dataset<EvaluationUnit> = {
  name: "evaluations",
  keyOf: ({ factor }) => factor,
  isDone: (unit, told) => told.some((receipt) => isOf(unit, receipt)),
  lane: () => undefined,
  unitsOf: unitsOfRun,
  open({ source }, deps) {
    const bench = new Bench(deps);
    const work = workOf(dataset, source, (unit, signal) => bench.measure(unit, signal));
    return Promise.resolve(openWithoutLane(work));
  },
};

interface HeldSetup {
  readonly key: string;
  readonly setup: MeasureSetup;
  readonly measurer: Measurer;
}

/** Measures units one after the other; what they have in common is read once. */
class Bench {
  readonly #deps: BuyDeps;
  #held:
    { readonly key: string; readonly setup: MeasureSetup; readonly measurer: Measurer } | undefined;

  constructor(deps: BuyDeps) {
    this.#deps = deps;
  }

  async measure(unit: EvaluationUnit, signal: AbortSignal): Promise<Brought> {
    const { objects } = this.#deps;
    const { from, to, basis } = unit;
    const receipt = { from, to, basis, capture: null, about: { version: unit.version } };
    const assetsOf = async (key: string): Promise<readonly string[]> =>
      (await this.#setup(key)).setup.prices.assets;
    const { setup, task, notes } = await getTask(objects, taskKey(unit), assetsOf);
    const { measurer } = await this.#setup(setup);
    signal.throwIfAborted();
    let measurement;
    try {
      measurement = measurer.measure(task);
    } catch (thrown) {
      return {
        ...receipt,
        state: "failed",
        reason: "threw",
        message: messageOf(thrown),
        files: [],
      };
    }
    const { evaluated } = measurement;
    const hash = await putMeasurement(objects, { evaluated, notes });
    const files = [{ table: "measurements", hash, rows: evaluated.result.days }];
    return { ...receipt, state: "done", reason: "", message: "", files };
  }

  async #setup(key: string): Promise<HeldSetup> {
    if (this.#held?.key === key) return this.#held;
    // The earlier one goes first: tables are large.
    this.#held = undefined;
    const setup = await getSetup(this.#deps.objects, key);
    this.#held = { key, setup, measurer: new Measurer(setup) };
    return this.#held;
  }
}
