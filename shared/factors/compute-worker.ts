import { parentPort, workerData } from "node:worker_threads";
import type { Company } from "./company.ts";
import { computeSecurity, type OutputWindow } from "./compute-security.ts";
import { loadLibrary, pickFactors } from "./load-library.ts";
import type { Axis } from "./series.ts";
import { ValueFiles } from "./value-files.ts";
import type { Vintage } from "./vintages.ts";
import type { TextSignals } from "../text/text-inputs.ts";
import type { SecurityBars } from "../warehouse/prices/read-bars.ts";

/** What a worker is started with; arrays may be shared between workers. */
export interface WorkerSetup {
  readonly factors: readonly string[];
  readonly axis: Axis;
  readonly market: Float64Array;
  readonly window: OutputWindow;
  readonly folder: string;
  readonly writer: string;
}

/** Securities to compute; undefined when there are no more. */
export type WorkerTask =
  | {
      readonly securities: readonly {
        readonly id: SecurityBars["securityId"];
        readonly vintages: Vintage[];
        readonly company?: Company | undefined;
        readonly signals?: TextSignals | undefined;
      }[];
    }
  | undefined;

/** What a worker says after each task: values written so far. */
export interface WorkerReply {
  readonly rows: number;
}

const setup = workerData as WorkerSetup;
const factors = pickFactors(await loadLibrary(), setup.factors);
const files = new ValueFiles(setup.folder, setup.writer, factors, setup.axis, setup.window);

parentPort!.on("message", (task: WorkerTask) => {
  if (task === undefined) {
    files.flush();
  } else {
    const { axis, market, window } = setup;
    for (const { id, vintages, company, signals } of task.securities) {
      files.add(id, computeSecurity(factors, vintages, axis, market, window, company, signals));
    }
  }
  parentPort!.postMessage({ rows: files.rows } satisfies WorkerReply);
  if (task === undefined) parentPort!.close();
});
