import type { PublishedName } from "../../catalogue.ts";
import { Busy, Failed, InvalidInput } from "../../errors.ts";
import { contentHash } from "../../objects/file-store.ts";
import {
  boundOf,
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
import type { TableFolder } from "../table-folder.ts";
import type { PublishedTable } from "../tables.ts";
import { StatementFailed, type RedshiftSession } from "./session.ts";
import type { HeldPartition, RedshiftState } from "./state.ts";
import { bytesOf, schema } from "./table-sql.ts";
import {
  countPlace,
  guardPlace,
  keyOf,
  transactionOf,
  type Batch,
  type TransactionWords,
} from "./transaction.ts";

/** Where files are put that Redshift copies. */
export interface CopyFolder extends Pick<TableFolder, "uriOf" | "bring"> {
  put(name: string, bytes: Buffer): Promise<void>;
}

export interface RedshiftDeps extends PublishSource {
  readonly session: RedshiftSession;
  readonly folder: CopyFolder;
}

/** What a table in Redshift lacks, and has too much. */
export interface RedshiftChange {
  readonly name: PublishedName;
  readonly table: PublishedTable;
  /** What the rows are made of; the same is the same rows. */
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

/** Looks what of a table is another in Redshift than here, by the content of each partition. */
export async function redshiftChange(
  name: PublishedName,
  table: PublishedTable,
  { partitions: told, last }: RedshiftState,
  deps: PublishSource,
): Promise<RedshiftChange> {
  const source = await sourceOf(table, deps);
  const there: ReadonlyMap<string, HeldPartition> = told.get(name) ?? new Map<string, never>();
  const { place = 0, source: before } = last.get(name) ?? {};
  if (before === source) {
    const rows = [...there.values()].reduce((sum, one) => sum + one.rows, 0);
    return { name, table, source, add: [], remove: [], replaced: 0, same: there.size, rows, place };
  }
  const partitions = await partitionsOf(table, deps);
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
    place,
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
  const { folder } = deps;
  if (add.length + remove.length === 0) return [];
  await checkTexts(table, deps);
  const entries: { url: string; mandatory: boolean; meta: { content_length: number } }[] = [];
  for (const partition of add) {
    signal.throwIfAborted();
    const file = `${name}/${fileOf(table, partition)}`;
    const { bytes } = await folder.bring(
      file,
      (path) => exportPartition(table, partition, deps, path),
      (path) => statsOf(table, partition, path),
    );
    entries.push({ url: folder.uriOf(file), mandatory: true, meta: { content_length: bytes } });
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
      // Before the last part is done the table is another one than what it is made of.
      source: part === parts - 1 ? change.source : "",
    };
    const copied = mine(entries);
    const bytes = Buffer.from(JSON.stringify({ entries: copied }));
    const file = `manifests/${contentHash(bytes)}.json`;
    const manifest = copied.length === 0 ? undefined : folder.uriOf(file);
    if (manifest !== undefined) await folder.put(file, bytes);
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
        `Somebody else published ${name} to ${session.address} meanwhile: this transaction changed nothing; run the same command again.`,
        { cause: thrown },
      );
    }
    if (copies && thrown.place === countPlace) {
      throw new Failed(
        `Redshift copied another number of rows of ${name} than were written: this transaction changed nothing; run the same command again.`,
        { cause: thrown },
      );
    }
    throw new Failed(
      `Redshift refuses a statement (${thrown.message}): its transaction changed nothing. The statement: ${(batch.sqls[thrown.place] ?? "").slice(0, 120)}`,
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
    boundOf(deps),
  );
  const long = texts.find((column) => (row![column.name] ?? 0) > bytesOf(column));
  if (long === undefined) return;
  throw new InvalidInput(
    `A text of ${table.name}.${long.name} has ${row![long.name]!} bytes, and the column in Redshift takes ${bytesOf(long)}: nothing was published; leave ${table.name} out (--datasets).`,
  );
}
