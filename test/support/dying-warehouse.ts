import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** Thrown in the place of the statement at which a process is meant to die, and of every one after it. */
export class Died extends Error {}

/** A warehouse that remembers the statements that write. */
export interface DyingWarehouse extends Warehouse {
  readonly writes: readonly string[];
}

/**
 * A warehouse whose process dies before its n-th statement that writes: neither that one nor any later one, nor any
 * clearing up, happens. What a statement leaves when it is killed half-way is not shown by it.
 *
 * @param n from 1
 */
export function dyingWarehouse(warehouse: Warehouse, n: number): DyingWarehouse {
  const writes: string[] = [];
  const live = (): void => {
    if (writes.length >= n) throw new Died();
  };
  const write = (sql: string): void => {
    writes.push(sql);
    live();
  };
  return {
    kind: warehouse.kind,
    location: warehouse.location,
    writes,
    async command(sql, parameters) {
      write(sql);
      await warehouse.command(sql, parameters);
    },
    async insertFrom(file, sql, parameters) {
      write(sql);
      await warehouse.insertFrom(file, sql, parameters);
    },
    async rows<Row>(sql: string, parameters = {}) {
      live();
      return warehouse.rows<Row>(sql, parameters);
    },
    async readOnlyRows(sql) {
      live();
      return warehouse.readOnlyRows(sql);
    },
    async *stream(sql, parameters) {
      live();
      yield* warehouse.stream(sql, parameters);
    },
    async exportParquet(path, select, parameters) {
      live();
      await warehouse.exportParquet(path, select, parameters);
    },
    within: (database, work) => warehouse.within(database, work),
    close: () => warehouse.close(),
  };
}
