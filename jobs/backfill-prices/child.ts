import { putTally, talliesOf, type RunRecord, type Tally } from "../../shared/backfill/runs.ts";
import { SourceUnavailable } from "../../shared/errors.ts";
import { noProgress } from "../../shared/progress.ts";
import { minuteMs, secondMs } from "../../shared/units.ts";
import { fetchHere } from "./fetch.ts";
import { unitsOfRun } from "./runs.ts";
import { openYahooLane, type LaneDeps } from "./yahoo-lane.ts";

/** A child begins no unit after so long: what is left is the next one's. */
const longestMs = 30 * minuteMs;

/** Between two words on how far it is. */
const tallyMs = secondMs;

/**
 * Works on a run of prices as one of its children: takes slots of the lane, and pulls units until none is left.
 *
 * @param shard which child this is
 * @throws SourceUnavailable when something is left that it can't buy now
 */
export async function workAsChild(
  run: RunRecord,
  shard: number,
  deps: LaneDeps,
  signal: AbortSignal,
): Promise<Tally> {
  const { objects, now, log } = deps;
  const units = unitsOfRun(run);
  const holder = `${run.runId}/${shard}`;
  const { yahoo, lane, slots } = await openYahooLane(deps, holder, run.slotsEach);
  const earlier = (await talliesOf(objects, run.runId)).find((tally) => tally.shard === shard);
  const startedMs = now();
  const ends = { held: 0, done: 0, failed: 0, claimed: 0, missing: 0 };
  const tally = (): Tally => ({
    shard,
    ...ends,
    done: ends.done + (earlier?.done ?? 0),
    failed: ends.failed + (earlier?.failed ?? 0),
    requests: lane.requests + (earlier?.requests ?? 0),
    ratePerSecond: lane.ratePerSecond,
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
    const { missing } = await fetchHere(
      units,
      {
        ...deps,
        yahoo,
        lane,
        source: run.source,
        runId: run.runId,
        progress: noProgress,
        holder,
        // One request a slot: so many a kill can cost.
        concurrency: slots.count,
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
    await slots.release();
  }
  return tally();
}
