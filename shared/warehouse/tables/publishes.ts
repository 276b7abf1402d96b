import type { Warehouse } from "../warehouse.ts";

/** A table of a lake or database after it was changed. */
export interface PublishRow {
  /** The lake or database: its address. */
  readonly target: string;
  readonly table: string;
  /** Iceberg's snapshot, or the id of the transaction. */
  readonly snapshot: string;
  readonly runId: string;
  readonly codeVersion: string;
  /** What was known then, ms since 1970 UTC; undefined for all that was known. */
  readonly asOfMs: number | undefined;
  /** Rows of the table after it. */
  readonly rows: number;
  /** Ms since 1970 UTC. */
  readonly publishedMs: number;
}

/** Writes down what was published; what stands there already stays as it is. @returns how many were new */
export async function addPublishes(
  warehouse: Warehouse,
  rows: readonly PublishRow[],
  nowMs: number,
): Promise<number> {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const held = await warehouse.rows<{ key: string }>(
    "SELECT concat(target, ' ', table_name, ' ', snapshot_id) AS key FROM publishes WHERE target IN {targets:Array(String)}",
    { targets },
  );
  const there = new Set(held.map(({ key }) => key));
  const fresh = rows.filter(
    ({ target, table, snapshot }) => !there.has(`${target} ${table} ${snapshot}`),
  );
  for (const row of fresh) {
    await warehouse.command(
      `INSERT INTO publishes SELECT {target:String}, {table:String}, {snapshot:String}, {runId:String}, {codeVersion:String},
         if({asOf:Int64} < 0, NULL, toDateTime({asOf:Int64}, 'UTC')), {rows:UInt64}, fromUnixTimestamp64Milli({published:Int64}, 'UTC'),
         toDateTime({now:UInt32}, 'UTC')`,
      {
        target: row.target,
        table: row.table,
        snapshot: row.snapshot,
        runId: row.runId,
        codeVersion: row.codeVersion,
        asOf: row.asOfMs === undefined ? -1 : Math.floor(row.asOfMs / 1000),
        rows: row.rows,
        published: row.publishedMs,
        now: Math.floor(nowMs / 1000),
      },
    );
  }
  return fresh.length;
}
