/**
 * Which child of a work order this process is. The one place that knows how a platform says it: `QUARRY_SHARD`, else what
 * AWS Batch tells the children of an array, else 0 for a job of one.
 */
export function shardOf(environment: Readonly<Record<string, string | undefined>>): number {
  const shard = Number(
    environment["QUARRY_SHARD"] ?? environment["AWS_BATCH_JOB_ARRAY_INDEX"] ?? 0,
  );
  return Number.isInteger(shard) && shard >= 0 ? shard : 0;
}
