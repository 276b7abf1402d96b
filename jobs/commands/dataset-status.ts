import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { dayMs, formatCount } from "../../shared/units.ts";

/** What a ledger's index holds of one source. */
interface SourceStatus {
  readonly source: string;
  readonly units: number;
  /** (key, year) that are done. */
  readonly partitions_done: number;
  readonly failed: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** What the ledger holds of a dataset, a line a source. */
export async function datasetStatus(
  objects: ObjectStore,
  dataset: string,
): Promise<SourceStatus[]> {
  const { readIndex } = await import("../../shared/backfill/ledger-index.ts");
  const sources = new Set<string>();
  for await (const key of objects.list(`ledger-index/${dataset}/`)) sources.add(key.split("/")[2]!);
  const found: SourceStatus[] = [];
  for (const source of sources) {
    const index = await readIndex(objects, dataset, source);
    if (index === undefined) continue;
    const years = new Uint16Array(65_536);
    for (let day = 0; day < years.length; day++)
      years[day] = new Date(day * dayMs).getUTCFullYear();
    const reasons = new Uint32Array(index.reasons.length);
    let partitions = 0;
    let failed = 0;
    for (let row = 0; row < index.rows; row++) {
      if (index.done[row] === 1) {
        partitions += years[index.to[row]!]! - years[index.from[row]!]! + 1;
      } else {
        failed++;
        reasons[index.reasonOf[row]!]!++;
      }
    }
    found.push({
      source,
      units: index.keys.length,
      partitions_done: partitions,
      failed,
      reasons: Object.fromEntries(
        index.reasons.flatMap((reason, at) => (reasons[at]! > 0 ? [[reason, reasons[at]!]] : [])),
      ),
    });
  }
  return found;
}

/** The same in words. */
export function showDataset(dataset: string, sources: readonly SourceStatus[]): string {
  if (sources.length === 0) return `Nothing of ${dataset} was bought yet.`;
  return sources
    .map(({ source, units, partitions_done, failed, reasons }) => {
      const why = Object.entries(reasons).map(
        ([reason, count]) => `${formatCount(count)} ${reason}`,
      );
      return `${dataset} from ${source}: ${formatCount(units)} units, ${formatCount(partitions_done)} partitions done, ${formatCount(failed)} units failed${why.length > 0 ? ` (${why.join(", ")})` : ""}.`;
    })
    .join("\n");
}
