import { randomUUID } from "node:crypto";
import type { PublishedName } from "../../catalogue.ts";
import { Busy, Failed, InvalidInput } from "../../errors.ts";
import { contentHash } from "../../objects/file-store.ts";
import type { PublishRow } from "../../warehouse/tables/publishes.ts";
import {
  changedMeanwhile,
  changedSince,
  exportPartition,
  fileOf,
  partitionsOf,
  sourceOf,
  statsOf,
  type Partition,
  type PublishSource,
} from "../partitions.ts";
import type { PublishedTable } from "../tables.ts";
import { StatementFailed, type Cell, type RedshiftSession } from "./session.ts";
import {
  addColumn,
  bytesOf,
  columnsOf,
  createBooks,
  createTable,
  schema,
  toldType,
} from "./table-sql.ts";
import {
  countPlace,
  guardPlace,
  keyOf,
  transactionOf,
  type Batch,
  type TransactionWords,
} from "./transaction.ts";

/** Where files are put that Redshift copies. */
export interface CopyFolder {
  /** Puts a file there under its name; what is there stays, as names say what is in a file. @returns its URI */
  bring(name: string, write: (path: string) => Promise<void>): Promise<string>;
  /** @returns the URI */
  put(name: string, bytes: Buffer): Promise<string>;
}

export interface RedshiftDeps extends PublishSource {
  readonly session: RedshiftSession;
  readonly folder: CopyFolder;
}

/** What a table in Redshift lacks, and has too much. */
export interface RedshiftChange {
  readonly name: PublishedName;
  readonly table: PublishedTable;
  readonly source: string;
  readonly add: readonly Partition[];
  readonly remove: readonly Partition[];
  /** Of those that are replaced or gone. */
  readonly replaced: number;
  readonly same: number;
  /** Rows of the whole table when it is done. */
  readonly rows: number;
  /** How many transactions of this table there were. */
  readonly place: number;
}

/** Partitions that one transaction replaces at most: statements have a longest length. */
const mostPartitions = 300;

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
  /** How many transactions of a table there were. */
  readonly places: ReadonlyMap<string, number>;
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
  const places = await read(
    `SELECT table_name, MAX(place) AS place FROM ${schema}.transactions GROUP BY table_name`,
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
    places: new Map(places.map((row) => [String(row["table_name"]), Number(row["place"])])),
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

/** Looks what of a table is another in Redshift than here, by the content of each partition. */
export async function redshiftChange(
  name: PublishedName,
  table: PublishedTable,
  { partitions: told, places }: RedshiftState,
  deps: PublishSource,
): Promise<RedshiftChange> {
  const source = await sourceOf(table, deps);
  const partitions = await partitionsOf(table, deps);
  const there: ReadonlyMap<string, HeldPartition> = told.get(name) ?? new Map<string, never>();
  const wanted = new Set(partitions.map(keyOf));
  const add = partitions.filter((one) => there.get(keyOf(one))?.content !== one.content);
  const remove = [...there]
    .filter(([key]) => !wanted.has(key))
    .map(([key, held]) => ({ values: JSON.parse(key) as Partition["values"], ...held }));
  return {
    name,
    table,
    source,
    add,
    remove,
    replaced: add.filter((one) => there.has(keyOf(one))).length + remove.length,
    same: partitions.length - add.length,
    rows: partitions.reduce((sum, one) => sum + one.rows, 0),
    place: places.get(name) ?? 0,
  };
}

/**
 * Brings what a table lacks into Redshift: files first, then each part of the partitions in one transaction that copies, counts, and
 * replaces.
 *
 * @returns ids of the transactions
 * @throws Busy when somebody else published meanwhile, or changed what was written
 */
export async function publishToRedshift(
  change: RedshiftChange,
  deps: RedshiftDeps,
  words: Omit<TransactionWords, "manifest">,
  signal: AbortSignal,
  wrote: () => void = () => undefined,
): Promise<string[]> {
  const { name, table, add, remove } = change;
  if (add.length + remove.length === 0) return [];
  await checkTexts(table, deps);
  const entries: { url: string; mandatory: boolean; meta: { content_length: number } }[] = [];
  for (const partition of add) {
    signal.throwIfAborted();
    let length = 0;
    const url = await deps.folder.bring(`${name}/${fileOf(table, partition)}`, async (path) => {
      await exportPartition(table, partition, deps, path);
      length = (await statsOf(table, partition, path)).bytes;
    });
    entries.push({ url, mandatory: true, meta: { content_length: length } });
    wrote();
  }
  const changed = await changedSince(table, add, change.source, deps);
  if (changed.length > 0) throw changedMeanwhile(fileOf(table, changed[0]!));
  const ids: string[] = [];
  const parts = Math.max(1, Math.ceil((add.length + remove.length) / mostPartitions));
  for (let part = 0; part < parts; part++) {
    const mine = <One>(all: readonly One[]): One[] => all.filter((_, at) => at % parts === part);
    const delta = {
      name,
      table,
      add: mine(add),
      remove: mine(remove),
      rows: change.rows,
      place: change.place + part,
    };
    const copied = mine(entries);
    const bytes = Buffer.from(JSON.stringify({ entries: copied }));
    const manifest =
      copied.length === 0
        ? undefined
        : await deps.folder.put(`manifests/${contentHash(bytes)}.json`, bytes);
    const { batch, publishId } = transactionOf(delta, { ...words, manifest });
    await done(batch, { name, publishId, copies: manifest !== undefined }, deps.session);
    ids.push(publishId);
  }
  return ids;
}

/** @throws Busy where somebody else was faster */
async function done(
  batch: Batch,
  {
    name,
    publishId,
    copies,
  }: { readonly name: string; readonly publishId: string; readonly copies: boolean },
  session: RedshiftSession,
): Promise<void> {
  try {
    await session.transaction(batch);
  } catch (thrown) {
    if (!(thrown instanceof StatementFailed)) throw thrown;
    if (thrown.place === guardPlace || /serializable isolation/i.test(thrown.message)) {
      if (await isDone(publishId, session)) return;
      throw new Busy(
        `Somebody else published ${name} to ${session.address} meanwhile: nothing was changed; run the same command again.`,
        { cause: thrown },
      );
    }
    if (copies && thrown.place === countPlace) {
      throw new Failed(
        `Redshift copied another number of rows of ${name} than were written: nothing was changed; run the same command again.`,
        { cause: thrown },
      );
    }
    throw new Failed(
      `Redshift refuses a statement (${thrown.message}): nothing was changed. The statement: ${(batch.sqls[thrown.place] ?? "").slice(0, 120)}`,
      { cause: thrown },
    );
  }
}

/** True when a transaction stands in the books: its reply was lost, and it was not. */
async function isDone(publishId: string, session: RedshiftSession): Promise<boolean> {
  const rows = await session.rows(
    `SELECT publish_id FROM ${schema}.transactions WHERE publish_id = :id`,
    { id: publishId },
  );
  return rows.length > 0;
}

/** @throws InvalidInput for a text that is longer than its column in Redshift */
async function checkTexts(table: PublishedTable, deps: RedshiftDeps): Promise<void> {
  const texts = table.columns.filter(({ type }) => type === "string");
  const [row] = await deps.warehouse.rows<Record<string, number>>(
    `SELECT ${texts.map(({ name }) => `toUInt32(max(length(${name}))) AS ${name}`).join(", ")} FROM (${table.select})`,
    { asOf: Math.floor((deps.asOfMs ?? Date.UTC(2100, 0, 1)) / 1000), target: deps.target },
  );
  const long = texts.find((column) => (row![column.name] ?? 0) > bytesOf(column));
  if (long === undefined) return;
  throw new InvalidInput(
    `A text of ${table.name}.${long.name} has ${row![long.name]!} bytes, and the column in Redshift takes ${bytesOf(long)}: nothing was published; leave ${table.name} out (--datasets).`,
  );
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
