import { z } from "zod";
import { getColumnFile, putColumnFile } from "../../shared/backfill/column-files.ts";
import { isMadeOf, workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import { optional, readRecord } from "../../shared/backfill/run-units.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { InvalidInput, SourceUnavailable } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { Budget } from "../../shared/text/budget.ts";
import { laneOfSource } from "../../shared/text/chosen-model.ts";
import { openModel } from "../../shared/text/open-model.ts";
import { providers } from "../../shared/text/providers.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { texts } from "../../shared/warehouse/native/column.ts";
import { readNative } from "../../shared/warehouse/native/reader.ts";
import { bytesOf } from "./find-reports.ts";
import { readOne, readReportPrompts, type ReadOne, type ReadOneDeps } from "./read-one.ts";
import { keyOf, unitsOfRun, type ReportUnit } from "./units.ts";

/** What of a run's record says how its units are read. */
export const readingSchema = {
  provider: z.enum(providers),
  model: optional(z.string()),
  concurrency: z.number(),
};

/** Annual reports, as runs see them: read by a model, wherever the run's children are. */
export const dataset: Dataset<ReportUnit> = {
  name: "reports",
  keyOf,
  isDone: isMadeOf,
  lane: laneOfSource,
  unitsOf: unitsOfRun,
  async open({ runId, source, parameters }, deps, holder, wanted) {
    const { concurrency, ...choice } = readRecord(parameters, z.object(readingSchema), "reports");
    const prompts = await readReportPrompts();
    const { model, ...open } = await openModel(choice, deps, holder, wanted);
    const reading: ReadOneDeps = {
      objects: deps.objects,
      ledger: new ScoreLedger(deps.objects, runId, deps.now, holder),
      model,
      // What a run may cost is said before it is ordered.
      budget: new Budget(undefined, model),
      prompts,
      concurrency,
    };
    return {
      work: workOf(dataset, source, (unit, signal) => readUnit(unit, reading, signal)),
      // A report has parts enough to fill the lane.
      concurrency: 1,
      requests: open.requests,
      ratePerSecond: open.ratePerSecond,
      close: open.close,
    };
  },
};

/**
 * Reads a report and leaves what it says. Of one that was not finished the parts that were paid stay in the ledger of scores.
 *
 * @throws SourceUnavailable when the model could not be asked now: the report stays missing
 */
async function readUnit(
  unit: ReportUnit,
  reading: ReadOneDeps,
  signal: AbortSignal,
): Promise<Brought> {
  const { file, ticker, published, from, to, basis } = unit;
  const receipt = { from, to, basis, capture: null, files: [], about: {} };
  let one: ReadOne;
  try {
    const bytes = await bytesOf(file, file);
    const identity = { ticker, periodEnd: to, published };
    one = await readOne(bytes, { file, identity }, reading, signal);
  } catch (thrown) {
    // A file that is none is no matter of the others'.
    if (!(thrown instanceof InvalidInput)) throw thrown;
    return { ...receipt, state: "failed", reason: "unreadable", message: thrown.message };
  }
  if (!one.settled) throw new SourceUnavailable(`${file}: ${one.reason}`);
  return {
    ...receipt,
    state: "done",
    reason: "",
    message: "",
    files: [
      await putColumnFile(reading.objects, "reports", "reports", [
        { name: "row", type: "String", text: [JSON.stringify(one.row)] },
      ]),
    ],
    about: {
      state: one.state,
      reason: one.reason,
      pages: one.pages.count,
      bought: one.read?.bought ?? 0,
    },
  };
}

/** What a receipt's report says. */
export async function rowOfReceipt(
  objects: ObjectStore,
  { files }: Pick<Receipt, "files">,
): Promise<ReadOne["row"]> {
  const bytes = await getColumnFile(objects, "reports", files[0]!.hash);
  for await (const block of readNative([bytes])) {
    return JSON.parse(texts(block, "row")[0]!) as ReadOne["row"];
  }
  throw new InvalidInput("A column file of reports holds no row.");
}
