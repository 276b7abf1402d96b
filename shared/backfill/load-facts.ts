import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectStore } from "../objects/object-store.ts";
import { createStaging, publish } from "../warehouse/publish.ts";
import { addLoads, loadedCaptures } from "../warehouse/tables/loads.ts";
import type { SourceFile, Warehouse } from "../warehouse/warehouse.ts";
import { getColumnFile, type ColumnFile } from "./column-files.ts";
import type { Receipt } from "./receipt.ts";

/** What the loader works with. */
export interface LoadFactsOptions {
  readonly source: string;
  readonly token: string;
  readonly runId: string;
  readonly nowMs: number;
}

/** What a load brought in. */
export interface LoadedFacts {
  /** Facts that were not there. */
  readonly facts: number;
  /** Facts that were there already, as they are. */
  readonly held: number;
  /** Facts of a filing that said otherwise before: they stay, and are flagged. */
  readonly changed: number;
  /** Facts that a company's newest body does not have any more. */
  readonly vanished: number;
  readonly quarantined: number;
}

const nothing: LoadedFacts = { facts: 0, held: 0, changed: 0, vanished: 0, quarantined: 0 };

/** Column files of facts that come in by one step: some million rows. */
const rowsAtOnce = 1_000_000;

/**
 * Brings the column files of receipts into the tables: filings, then facts, then all else. A fact is its issuer, taxonomy,
 * concept, unit, period and accession: what is there is left as it is. Many files are several loads, each of which is whole or
 * not there, and what is loaded is left out, so that a load can be run any number of times.
 *
 * @param receipts of one source, done; those of a key oldest first
 */
export async function loadFacts(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  options: LoadFactsOptions,
): Promise<LoadedFacts> {
  const loaded = await loadedCaptures(warehouse, "facts", options.source);
  const pending = latest(receipts).filter(({ files }) =>
    files.some(({ hash }) => !loaded.has(hash)),
  );
  const folder = await mkdtemp(join(tmpdir(), "quarry-load-"));
  let total = nothing;
  try {
    let at = 0;
    for (const batch of batchesOf(pending, loaded)) {
      const part = await loadBatch(warehouse, objects, batch, folder, {
        ...options,
        token: `${options.token}x${at++}`,
      });
      total = {
        facts: total.facts + part.facts,
        held: total.held + part.held,
        changed: total.changed + part.changed,
        vanished: total.vanished + part.vanished,
        quarantined: total.quarantined + part.quarantined,
      };
    }
    // Of a zip's millions of filings nobody asked which were there: equal rows become one.
    if (pending.some(({ key }) => key === "bulk")) {
      await warehouse.command("OPTIMIZE TABLE filings FINAL");
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return total;
}

/** The last receipt of each key: a later body of a company holds all that an earlier one did. */
function latest(receipts: readonly Receipt[]): Receipt[] {
  return [...new Map(receipts.map((receipt) => [receipt.key, receipt])).values()];
}

interface Batch {
  readonly key: string;
  readonly files: readonly ColumnFile[];
}

/** Files in loads of a bearable size: companies together, a zip in pieces; a company stands in one of them only. */
function* batchesOf(receipts: readonly Receipt[], loaded: ReadonlySet<string>): Generator<Batch[]> {
  let batch: Batch[] = [];
  let rows = 0;
  for (const { key, files } of receipts) {
    const isZip = key === "bulk";
    // A zip's files come in groups, each company's facts in one.
    const groups = isZip ? files.map((file) => [file]) : [files];
    for (const group of groups) {
      if (group.every(({ hash }) => loaded.has(hash))) continue;
      const size = group.reduce((sum, file) => sum + file.rows, 0);
      if (batch.length > 0 && (rows + size > rowsAtOnce || isZip !== (batch[0]!.key === "bulk"))) {
        yield batch;
        batch = [];
        rows = 0;
      }
      batch.push({ key, files: group });
      rows += size;
    }
  }
  if (batch.length > 0) yield batch;
}

/** The columns of each table's files. */
const structures: Readonly<Record<string, string>> = {
  filings:
    "issuer_id LowCardinality(String), accession String, form LowCardinality(String), filed Date, known_at DateTime('UTC'), known_by LowCardinality(String), rank UInt8, period_end Nullable(Date32), primary_document String, items String, capture LowCardinality(String)",
  facts:
    "issuer_id LowCardinality(String), taxonomy LowCardinality(String), concept LowCardinality(String), unit LowCardinality(String), period_start Nullable(Date32), period_end Date32, value Float64, accession LowCardinality(String), form LowCardinality(String), filed Date, capture LowCardinality(String)",
  issuer_attributes:
    "issuer_id LowCardinality(String), attribute LowCardinality(String), value String, from_day Nullable(Date32), to_day Nullable(Date32), known_at DateTime('UTC'), capture LowCardinality(String)",
  quarantine:
    "origin LowCardinality(String), reason LowCardinality(String), record String, capture LowCardinality(String)",
};

const factColumns =
  "issuer_id, taxonomy, concept, unit, period_start, period_end, value, accession, form, filed, capture";

/** What tells a fact from others. A null equals nothing, so that an instant's start is written as a number. */
const factKey = (table: string): string =>
  `cityHash64(${["issuer_id", "taxonomy", "concept", "unit"].map((name) => `toString(${table}.${name})`).join(", ")}, ifNull(toInt32(${table}.period_start), -2147483648), toInt32(${table}.period_end), toString(${table}.accession))`;

async function loadBatch(
  warehouse: Warehouse,
  objects: ObjectStore,
  batch: readonly Batch[],
  folder: string,
  options: LoadFactsOptions,
): Promise<LoadedFacts> {
  const { source, runId, nowMs } = options;
  const now = Math.floor(nowMs / 1000);
  const isZip = batch[0]!.key === "bulk";
  const ours = { source, runId, now, issuers: isZip ? [] : batch.map(({ key }) => key) };
  const filesOf = async (table: string): Promise<SourceFile | undefined> => {
    const files = batch.flatMap(({ files: all }) => all.filter((file) => file.table === table));
    if (files.length === 0) return undefined;
    const path: string[] = [];
    for (const [at, { hash }] of files.entries()) {
      path.push(join(folder, `${table}-${at}.native`));
      await writeFile(path.at(-1)!, await getColumnFile(objects, "facts", hash));
    }
    return { path, format: "Native", structure: structures[table]! };
  };

  const filings = await filesOf("filings");
  if (filings) {
    await warehouse.insertFrom(
      filings,
      `INSERT INTO filings
       SELECT {source:String}, issuer_id, accession, form, filed, known_at, known_by, rank, period_end, primary_document, items,
         capture, {runId:String}, toDateTime({now:UInt32}, 'UTC')
       FROM {file}
       WHERE (issuer_id, accession, rank) NOT IN (
         SELECT issuer_id, accession, rank FROM filings WHERE issuer_id IN {issuers:Array(String)})`,
      ours,
    );
  }
  let counts = nothing;
  const facts = await filesOf("facts");
  if (facts) counts = await loadFactFiles(warehouse, facts, options);
  const attributes = await filesOf("issuer_attributes");
  if (attributes) {
    // What is known already stays as it was first seen.
    await warehouse.insertFrom(
      attributes,
      `INSERT INTO issuer_attributes
       SELECT {source:String}, issuer_id, attribute, value, from_day, to_day, known_at, capture, {runId:String}, toDateTime({now:UInt32}, 'UTC')
       FROM {file}
       WHERE (issuer_id, attribute, value, ifNull(to_day, toDate32('1900-01-01'))) NOT IN (
         SELECT issuer_id, attribute, value, ifNull(to_day, toDate32('1900-01-01')) FROM issuer_attributes)`,
      ours,
    );
  }
  const rejected = await filesOf("quarantine");
  let quarantined = 0;
  if (rejected) {
    await warehouse.insertFrom(
      rejected,
      `INSERT INTO quarantine
       SELECT 'facts', {source:String}, origin, 0, reason, record, capture, {runId:String}, toDateTime({now:UInt32}, 'UTC')
       FROM {file}`,
      ours,
    );
    quarantined = batch
      .flatMap(({ files }) => files)
      .filter(({ table }) => table === "quarantine")
      .reduce((sum, { rows }) => sum + rows, 0);
  }
  await addLoads(
    warehouse,
    batch.flatMap(({ key, files }) =>
      files.map(({ hash, rows }) => ({
        dataset: "facts",
        source,
        capture: hash,
        origin: key,
        rows,
      })),
    ),
    { runId, nowMs },
  );
  return { ...counts, quarantined };
}

async function loadFactFiles(
  warehouse: Warehouse,
  files: SourceFile,
  { source, token, runId, nowMs }: LoadFactsOptions,
): Promise<LoadedFacts> {
  const now = Math.floor(nowMs / 1000);
  const ours = { source, runId, now };
  const columns = `${factColumns}, source, run_id, ingested_at`;
  const values = `${factColumns}, {source:String}, {runId:String}, toDateTime({now:UInt32}, 'UTC')`;
  const staging = await createStaging(warehouse, "facts", token);
  await warehouse.insertFrom(
    files,
    `INSERT INTO ${staging} (${columns}) SELECT ${values} FROM {file}`,
    ours,
  );
  const [{ incoming, known }] = (await warehouse.rows<{ incoming: number; known: number }>(
    `SELECT (SELECT count() FROM ${staging}) AS incoming,
       (SELECT count() FROM facts WHERE issuer_id IN (SELECT DISTINCT issuer_id FROM ${staging})) AS known`,
  )) as [{ incoming: number; known: number }];
  if (known === 0) {
    await publish(warehouse, "facts", token);
    return { ...nothing, facts: incoming };
  }
  // Something of these companies is there: only what is new goes in.
  const all = `incoming_${token}`;
  await warehouse.command(`DROP TABLE IF EXISTS ${all} SYNC`);
  await warehouse.command(`RENAME TABLE ${staging} TO ${all}`);
  await createStaging(warehouse, "facts", token);
  const there = `(SELECT * FROM facts WHERE issuer_id IN (SELECT DISTINCT issuer_id FROM ${all}))`;
  await warehouse.command(
    `INSERT INTO ${staging} SELECT i.* FROM ${all} AS i
     LEFT ANTI JOIN (SELECT ${factKey("f")} AS key FROM ${there} AS f) AS held ON ${factKey("i")} = held.key`,
  );
  const flag = (kind: string, newValue: string, join: string): string =>
    `INSERT INTO fact_flags
     SELECT f.issuer_id, f.taxonomy, f.concept, f.unit, f.period_start, f.period_end, f.accession, '${kind}', f.value, ${newValue},
       ${kind === "changed" ? "i.capture" : "''"}, {runId:String}, toDateTime({now:UInt32}, 'UTC')
     FROM (SELECT *, ${factKey("g")} AS key FROM ${there} AS g) AS f ${join}`;
  await warehouse.command(
    flag(
      "changed",
      "i.value",
      `INNER JOIN (SELECT value, capture, ${factKey("h")} AS key FROM ${all} AS h) AS i ON f.key = i.key WHERE f.value != i.value`,
    ),
    { runId, now },
  );
  await warehouse.command(
    flag(
      "vanished",
      "NULL",
      // A body says nothing of what was filed after it was made.
      `LEFT ANTI JOIN (SELECT ${factKey("h")} AS key FROM ${all} AS h) AS i ON f.key = i.key
       WHERE (f.issuer_id, f.filed) IN (
         SELECT t.issuer_id, t.filed FROM ${there} AS t
         INNER JOIN (SELECT issuer_id, max(filed) AS newest FROM ${all} GROUP BY issuer_id) AS n ON t.issuer_id = n.issuer_id
         WHERE t.filed <= n.newest)`,
    ),
    { runId, now },
  );
  const [counted] = await warehouse.rows<{ fresh: number; changed: number; vanished: number }>(
    `SELECT (SELECT count() FROM ${staging}) AS fresh,
       countIf(flag = 'changed') AS changed, countIf(flag = 'vanished') AS vanished
     FROM fact_flags WHERE run_id = {runId:String} AND issuer_id IN (SELECT DISTINCT issuer_id FROM ${all})`,
    { runId },
  );
  await publish(warehouse, "facts", token);
  await warehouse.command(`DROP TABLE ${all} SYNC`);
  const { fresh, changed, vanished } = counted!;
  return { facts: fresh, held: incoming - fresh, changed, vanished, quarantined: 0 };
}
