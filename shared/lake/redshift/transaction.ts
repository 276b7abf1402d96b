import type { PublishedName } from "../../catalogue.ts";
import { contentHash } from "../../objects/file-store.ts";
import type { Partition } from "../partitions.ts";
import type { PublishedTable } from "../tables.ts";
import { columnsOf, quoted, schema } from "./table-sql.ts";

/** What a partition is called in Redshift: its values. */
export const keyOf = ({ values }: Pick<Partition, "values">): string => JSON.stringify(values);

/** Statements that are done together or not at all, with what is bound to `:name` in them. */
export interface Batch {
  readonly sqls: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** The same request has the same one, however often it is sent. */
  readonly token: string;
}

/** What a transaction changes of one table. */
export interface TableDelta {
  readonly name: PublishedName;
  readonly table: PublishedTable;
  /** Partitions that are written, in the place of what they held. */
  readonly add: readonly Partition[];
  /** Partitions that are no more. */
  readonly remove: readonly Partition[];
  /** Rows of the whole table when all is done. */
  readonly rows: number;
  /** What the table's rows are made of when it is done; empty before the last part. */
  readonly source: string;
  /** How many transactions of this table there were: it must be the next one. */
  readonly place: number;
}

/** What a transaction is told besides. */
export interface TransactionWords {
  readonly runId: string;
  readonly codeVersion: string;
  /** Ms since 1970 UTC. */
  readonly asOfMs: number | undefined;
  readonly nowMs: number;
  readonly copyRole: string;
  /** Where the manifest of the files lies, that is copied; undefined where nothing is. */
  readonly manifest: string | undefined;
}

/** Place of the statement that fails when somebody else was faster. */
export const guardPlace = 1;
/** Place of the statement that fails when not all rows came. */
export const countPlace = 4;

const equals = (condition: string, value: number): string =>
  // No assertion in SQL: a division by zero ends the transaction.
  `SELECT 1 / CASE WHEN (${condition}) = ${value} THEN 1 ELSE 0 END`;

/**
 * The transaction that replaces partitions of a table: nobody else goes on from the same place, all rows are copied beside and counted,
 * then take the place of what was there.
 */
export function transactionOf(
  delta: TableDelta,
  words: TransactionWords,
): { readonly batch: Batch; readonly publishId: string } {
  const { name, add, remove, place, table } = delta;
  const columns = columnsOf(name)
    .map((one) => quoted(one.name))
    .join(", ");
  const bound = new Bound();
  const gone = [...add, ...remove].map((one) => predicateOf(table, one, bound));
  const rows = add.reduce((sum, one) => sum + one.rows, 0);
  const publishId = publishIdOf(delta);
  const staging = `staging_${name}`;
  const copied =
    words.manifest === undefined
      ? []
      : [
          `CREATE TEMP TABLE ${staging} AS SELECT * FROM ${schema}.${name} LIMIT 0`,
          `COPY ${staging} (${columns}) FROM '${words.manifest}' IAM_ROLE '${words.copyRole}' FORMAT AS PARQUET MANIFEST`,
          equals(`SELECT COUNT(*) FROM ${staging}`, rows),
        ];
  const inserted =
    words.manifest === undefined
      ? []
      : [`INSERT INTO ${schema}.${name} (${columns}) SELECT ${columns} FROM ${staging}`];
  const names = [...add, ...remove].map((one) => bound.name(keyOf(one)));
  const now = bound.name(timeOf(words.nowMs));
  const asOf = words.asOfMs === undefined ? "NULL" : bound.cast(timeOf(words.asOfMs), "TIMESTAMP");
  const sqls = [
    `LOCK ${schema}.transactions`,
    equals(
      `SELECT COALESCE(MAX(place), 0) FROM ${schema}.transactions WHERE table_name = '${name}'`,
      place,
    ),
    ...copied,
    `DELETE FROM ${schema}.${name} WHERE ${gone.join(" OR ")}`,
    ...inserted,
    `DELETE FROM ${schema}.partitions WHERE table_name = '${name}' AND partition_name IN (${names.join(", ")})`,
    ...(add.length === 0
      ? []
      : [
          `INSERT INTO ${schema}.partitions (table_name, partition_name, content, row_count) VALUES ${add
            .map((one) => `('${name}', ${bound.name(keyOf(one))}, '${one.content}', ${one.rows})`)
            .join(", ")}`,
        ]),
    `INSERT INTO ${schema}.transactions (table_name, place, publish_id, run_id, code_version, as_of, row_count, source, done_at) VALUES ('${name}', ${place + 1}, '${publishId}', ${bound.name(words.runId)}, ${bound.name(words.codeVersion)}, ${asOf}, ${delta.rows}, '${delta.source}', CAST(${now} AS TIMESTAMP))`,
  ];
  // Who asks again another day asks anew: what failed then must not answer. The books tell what was done.
  const token = contentHash(JSON.stringify([publishId, words.runId]));
  return { batch: { sqls, parameters: bound.values, token }, publishId };
}

/** The id of a transaction: of what it makes of what. */
const publishIdOf = ({
  name,
  add,
  remove,
  place,
}: Pick<TableDelta, "name" | "add" | "remove" | "place">): string =>
  contentHash(
    JSON.stringify([name, place, add.map((one) => [keyOf(one), one.content]), remove.map(keyOf)]),
  );

/** As Redshift reads a time. */
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** Values by the names under which they are bound, each once. */
class Bound {
  readonly values: Record<string, string> = {};
  readonly #names = new Map<string, string>();

  name(value: string): string {
    const held = this.#names.get(value);
    if (held !== undefined) return `:${held}`;
    const name = `v${this.#names.size}`;
    this.#names.set(value, name);
    this.values[name] = value;
    return `:${name}`;
  }

  cast(value: string, type: string): string {
    return `CAST(${this.name(value)} AS ${type})`;
  }
}

/** What tells the rows of a partition from all others; of an undivided table all. */
function predicateOf(
  { partitions, columns }: PublishedTable,
  { values }: Partition,
  bound: Bound,
): string {
  const conditions = partitions.map(({ name, source, transform }) => {
    const column = quoted(columns.find(({ id }) => id === source)!.name);
    if (transform === "identity") return `${column} = ${bound.name(String(values[name]))}`;
    const year = Number(values[name]) + 1970;
    return `${column} >= '${year}-01-01' AND ${column} < '${year + 1}-01-01'`;
  });
  return conditions.length === 0 ? "1 = 1" : `(${conditions.join(" AND ")})`;
}
