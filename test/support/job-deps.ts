import { join } from "node:path";
import type { Deps } from "../../jobs/deps.ts";
import { readSettings } from "../../shared/env.ts";
import { openLog } from "../../shared/log.ts";
import { fileStore } from "../../shared/objects/file-store.ts";
import { noProgress } from "../../shared/progress.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

let runs = 0;

/**
 * What a job is given: nothing of the environment, a silent log, a clock that stands.
 *
 * @param nowMs what the clock shows
 * @param environment of the settings
 */
export function jobDeps(
  warehouse: Warehouse,
  nowMs: number,
  environment: Readonly<Record<string, string>> = {},
): Deps {
  return {
    settings: readSettings({}, environment),
    log: openLog("silent"),
    progress: noProgress,
    now: () => nowMs,
    warehouse,
    objects: fileStore(join(warehouse.location, "objects")),
    runId: `test${++runs}`,
  };
}

/** A signal that nobody aborts. */
export const noSignal: AbortSignal = new AbortController().signal;
