import { SourceUnavailable } from "../errors.ts";
import { minuteMs, secondMs } from "../units.ts";
import type { BuyDeps, Dataset, FetchUnit } from "./dataset.ts";
import { putTally, talliesOf, type RunRecord, type Tally } from "./runs.ts";
import { workThrough } from "./work.ts";

/** A child begins no unit after so long: what is left is the next one's. */
const longestMs = 30 * minuteMs;

/** Between two words on how far it is. */
const tallyMs = secondMs;

/**
 * Works on a run as one of its children: opens what buying takes, and pulls units until none is left.
 *
 * @param shard which child this is
 * @throws SourceUnavailable when something is left that it can't buy now
 */
export async function workAsChild<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  run: RunRecord,
  shard: number,
  deps: BuyDeps,
  signal: AbortSignal,
): Promise<Tally> {
  const { objects, now, log } = deps;
  const units = dataset.unitsOf(run);
  const holder = `${run.runId}/${shard}`;
  const open = await dataset.open(run, deps, holder, run.slotsEach);
  const earlier = (await talliesOf(objects, run.runId)).find((tally) => tally.shard === shard);
  const startedMs = now();
  const ends = { held: 0, done: 0, failed: 0, claimed: 0, missing: 0 };
  const tally = (): Tally => ({
    shard,
    ...ends,
    done: ends.done + (earlier?.done ?? 0),
    failed: ends.failed + (earlier?.failed ?? 0),
    requests: open.requests() + (earlier?.requests ?? 0),
    ratePerSecond: open.ratePerSecond(),
    seconds: (now() - startedMs) / secondMs + (earlier?.seconds ?? 0),
  });
  let writing = Promise.resolve();
  const write = (): void => {
    writing = writing
      .then(() => putTally(objects, run.runId, String(shard), tally()))
      .catch((thrown: unknown) => {
        log.warn({ thrown }, "the tally was not written");
      });
  };
  const timer = setInterval(write, tallyMs);
  try {
    const { missing } = await workThrough(
      units,
      open.work,
      {
        objects,
        log,
        runId: run.runId,
        holder,
        concurrency: open.concurrency,
        begin: Math.floor((shard * units.length) / run.children),
        enough: AbortSignal.timeout(longestMs),
        ended: (end) => {
          ends[end]++;
        },
      },
      signal,
    );
    if (missing.length > 0) {
      throw new SourceUnavailable(`${missing.length} fetch units are left to another try.`);
    }
  } finally {
    clearInterval(timer);
    write();
    await writing;
    await open.close();
  }
  return tally();
}
