import { randomUUID } from "node:crypto";
import type { PublishedName } from "../../catalogue.ts";
import { InvalidInput } from "../../errors.ts";
import type { PublishRow } from "../../warehouse/tables/publishes.ts";
import type { Partition } from "../partitions.ts";
import type { Cell, RedshiftSession } from "./session.ts";
import { addColumn, columnsOf, createBooks, createTable, schema, toldType } from "./table-sql.ts";

/** A partition as it is in Redshift. */
export type HeldPartition = Pick<Partition, "content" | "rows">;

/** What Redshift says of its tables, and our books of what is in them. */
export interface RedshiftState {
  /** Names and types of columns by table. */
  readonly columns: ReadonlyMap<
    string,
    readonly { readonly name: string; readonly type: string }[]
  >;
  /** Content and rows of partitions, by table and what the partition is called. */
  readonly partitions: ReadonlyMap<string, ReadonlyMap<string, HeldPartition>>;
  /** The last transaction of a table: how many there were, and what its rows are made of since. */
  readonly last: ReadonlyMap<string, { readonly place: number; readonly source: string }>;
}

/** Reads what there is; of a database into which nothing was published yet nothing. */
export async function readState(session: RedshiftSession): Promise<RedshiftState> {
  const told = await session.rows(
    "SELECT table_name, column_name, data_type FROM svv_columns WHERE table_schema = :schema ORDER BY table_name, ordinal_position",
    { schema },
  );
  const columns = new Map(
    [...Map.groupBy(told, (row) => String(row["table_name"]))].map(([table, rows]) => [
      table,
      rows.map((row) => ({ name: String(row["column_name"]), type: String(row["data_type"]) })),
    ]),
  );
  const read = (sql: string): Promise<Record<string, Cell>[]> =>
    columns.has("transactions") ? session.rows(sql) : Promise.resolve([]);
  const held = await read(
    `SELECT table_name, partition_name, content, row_count FROM ${schema}.partitions`,
  );
  const last = await read(
    `SELECT table_name, place, source FROM (SELECT table_name, place, source, ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY place DESC) AS newest FROM ${schema}.transactions) AS ranked WHERE newest = 1`,
  );
  return {
    columns,
    partitions: new Map(
      [...Map.groupBy(held, (row) => String(row["table_name"]))].map(([table, rows]) => [
        table,
        new Map(
          rows.map((row) => [
            String(row["partition_name"]),
            { content: String(row["content"]), rows: Number(row["row_count"]) },
          ]),
        ),
      ]),
    ),
    last: new Map(
      last.map((row) => [
        String(row["table_name"]),
        { place: Number(row["place"]), source: String(row["source"]) },
      ]),
    ),
  };
}

/**
 * Makes the tables that there are not, and adds columns that came later.
 *
 * @throws InvalidInput when a table has other columns: it was made by something else
 */
export async function prepareTables(
  session: RedshiftSession,
  { columns: held }: RedshiftState,
  names: readonly PublishedName[],
): Promise<void> {
  const sqls = held.has("partitions") && held.has("transactions") ? [] : [...createBooks];
  for (const name of names) {
    const told = held.get(name);
    if (told === undefined) {
      sqls.push(...createTable(name));
      continue;
    }
    const columns = columnsOf(name);
    const odd = told.find((one) => {
      const own = columns.find((column) => column.name === one.name);
      return own === undefined || toldType(own) !== one.type;
    });
    if (odd !== undefined) {
      throw new InvalidInput(
        `The table ${schema}.${name} of Redshift has a column ${odd.name} ${odd.type} that this version of Quarry does not make: it was made by something else, or by a newer one; remove the table, or name another database.`,
      );
    }
    const there = new Set(told.map((one) => one.name));
    sqls.push(...columns.filter((one) => !there.has(one.name)).map((one) => addColumn(name, one)));
  }
  // A batch has at most forty statements.
  for (let from = 0; from < sqls.length; from += 36) {
    const part = sqls.slice(from, from + 36);
    await session.transaction({ sqls: part, parameters: {}, token: randomUUID() });
  }
}

/** What the books say of transactions that were done, those of publishes that died before they wrote it down included. */
export async function transactionsOf(
  session: RedshiftSession,
): Promise<Omit<PublishRow, "target">[]> {
  const rows = await session.rows(
    `SELECT table_name, publish_id, run_id, code_version, as_of, row_count, done_at FROM ${schema}.transactions WHERE table_name <> 'publishes' ORDER BY done_at, table_name, place`,
  );
  const msOf = (time: Cell): number => Date.parse(`${String(time).replace(" ", "T")}Z`);
  return rows.map((row) => ({
    table: String(row["table_name"]),
    snapshot: String(row["publish_id"]),
    runId: String(row["run_id"]),
    codeVersion: String(row["code_version"]),
    asOfMs: row["as_of"] === null ? undefined : msOf(row["as_of"]!),
    rows: Number(row["row_count"]),
    publishedMs: msOf(row["done_at"]!),
  }));
}
