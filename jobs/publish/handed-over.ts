import { z } from "zod";
import { MalformedRecord, messageOf } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import type { PublishReport } from "./job.ts";

/** What a publish elsewhere leaves in the object store for who waits: its report, or why it failed. */
const handedOverSchema = z.union([
  z.object({ report: z.custom<PublishReport>((value) => typeof value === "object") }),
  z.object({ error: z.string() }),
]);
export type HandedOver = z.output<typeof handedOverSchema>;

/** Where a run's is. */
export const handedOverKey = (runId: string): string => `publishes/${runId}.json`;

/** Does the work of a run that somebody waits for elsewhere, and leaves there what became of it. */
export async function handOver(
  objects: ObjectStore,
  runId: string,
  work: () => Promise<PublishReport>,
): Promise<PublishReport> {
  const leave = (what: HandedOver): Promise<boolean> =>
    objects.putIfAbsent(handedOverKey(runId), Buffer.from(JSON.stringify(what)));
  try {
    const report = await work();
    await leave({ report });
    return report;
  } catch (thrown) {
    await leave({ error: messageOf(thrown) }).catch(() => undefined);
    throw thrown;
  }
}

/** What a run left; undefined where it died before. */
export async function takeOver(
  objects: ObjectStore,
  runId: string,
): Promise<HandedOver | undefined> {
  const bytes = await objects.get(handedOverKey(runId));
  if (bytes === undefined) return undefined;
  const read = handedOverSchema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (read.success) return read.data;
  throw new MalformedRecord(`${handedOverKey(runId)}: expected the report of a publish.`);
}
