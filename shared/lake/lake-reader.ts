import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import { InvalidInput } from "../errors.ts";
import { liveEntries, readTable } from "./iceberg/table.ts";
import { tableFolder } from "./lake-folder.ts";

/** DuckDB over the files of tables' snapshots: those that they list, never a glob, which would count replaced ones. */
export class LakeReader implements AsyncDisposable {
  readonly #lake: string;
  readonly #connection: DuckDBConnection;

  private constructor(lake: string, connection: DuckDBConnection) {
    this.#lake = lake;
    this.#connection = connection;
  }

  /** @param lake its folder */
  static async open(lake: string): Promise<LakeReader> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run("CREATE SCHEMA lake");
    return new LakeReader(lake, connection);
  }

  /**
   * Makes a table readable as `lake.NAME`.
   *
   * @param snapshotId the current one by default
   * @throws InvalidInput where the lake has no such table
   */
  async attach(name: string, snapshotId?: number): Promise<void> {
    const folder = tableFolder(this.#lake, name);
    const { metadata, live } = await readTable(folder, { name });
    const snapshot = metadata?.snapshots.find((one) => one["snapshot-id"] === snapshotId);
    const entries = snapshot ? await liveEntries(folder, snapshot) : live;
    if (entries.length === 0) {
      throw new InvalidInput(
        `${this.#lake} has no rows of ${name}: quarry publish --to ${this.#lake} --datasets ${name}.`,
      );
    }
    const files = entries.map(({ file }) => `'${folder.pathOf(file.path).replaceAll("'", "''")}'`);
    await this.#connection.run(
      `CREATE OR REPLACE VIEW lake.${name} AS SELECT * FROM read_parquet([${files.join(", ")}], hive_partitioning = false)`,
    );
  }

  /** Rows as JSON would have them: days and 64-bit integers as texts. */
  async rows(
    sql: string,
    parameters: Readonly<Record<string, DuckDBValue>> = {},
  ): Promise<Record<string, unknown>[]> {
    const reader = await this.#connection.runAndReadAll(sql, parameters);
    return reader.getRowObjectsJson();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync();
    await Promise.resolve();
  }
}
