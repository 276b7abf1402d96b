/**
 * Which child of a work order this process is. The one place that knows how a platform says it: `QUARRY_SHARD`, else what
 * AWS Batch tells the children of an array, after those of the arrays before it (`QUARRY_SHARD_OFFSET`), else 0 for a job
 * of one.
 */
export function shardOf(environment: Readonly<Record<string, string | undefined>>): number {
  const said = environment["QUARRY_SHARD"];
  const index = Number(environment["AWS_BATCH_JOB_ARRAY_INDEX"] ?? 0);
  const offset = Number(environment["QUARRY_SHARD_OFFSET"] ?? 0);
  const shard = said === undefined ? index + offset : Number(said);
  return Number.isInteger(shard) && shard >= 0 ? shard : 0;
}
