import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { tableFolder } from "../../shared/lake/lake-folder.ts";
import { liveEntries, readTable } from "../../shared/lake/iceberg/table.ts";

/** DuckDB over the files of a table's snapshot: those that it lists, never a glob, which would count replaced ones. */
export class DuckLake implements AsyncDisposable {
  readonly #lake: string;
  readonly #connection: DuckDBConnection;

  private constructor(lake: string, connection: DuckDBConnection) {
    this.#lake = lake;
    this.#connection = connection;
  }

  static async open(lake: string): Promise<DuckLake> {
    const instance = await DuckDBInstance.create(":memory:");
    return new DuckLake(lake, await instance.connect());
  }

  /**
   * Makes a view of a table.
   *
   * @param snapshotId the current one by default
   */
  async attach(name: string, snapshotId?: number): Promise<void> {
    const folder = tableFolder(this.#lake, name);
    const { metadata, live } = await readTable(folder, { name });
    const snapshot = metadata?.snapshots.find((one) => one["snapshot-id"] === snapshotId);
    const entries = snapshot ? await liveEntries(folder, snapshot) : live;
    const files = entries.map(({ file }) => `'${folder.pathOf(file.path)}'`).join(", ");
    await this.#connection.run(
      `CREATE OR REPLACE VIEW ${name} AS SELECT * FROM read_parquet([${files}], hive_partitioning = false)`,
    );
  }

  async rows(sql: string): Promise<unknown[][]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRowsJson();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    await Promise.resolve();
  }
}
