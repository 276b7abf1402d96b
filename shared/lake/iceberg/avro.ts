import avro from "avsc";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IcebergType, PartitionField, LakeColumn } from "./schema.ts";
import type { PartitionValue } from "./values.ts";

/** What an entry of a manifest says a file is. */
export const existing = 0;
export const added = 1;
export const deleted = 2;

/** A file of rows, as a manifest tells of it. */
export interface DataFile {
  /** URI. */
  readonly path: string;
  readonly partition: Readonly<Record<string, PartitionValue>>;
  readonly rows: number;
  readonly bytes: number;
  /** By column id. */
  readonly valueCounts: ReadonlyMap<number, number>;
  readonly nullCounts: ReadonlyMap<number, number>;
  readonly lower: ReadonlyMap<number, Buffer>;
  readonly upper: ReadonlyMap<number, Buffer>;
}

/** An entry of a manifest. */
export interface ManifestEntry {
  readonly status: number;
  /** Of the snapshot that added, or deleted, the file. */
  readonly snapshotId: number;
  readonly sequence: number;
  readonly file: DataFile;
}

/** A manifest, as a snapshot's list tells of it. */
export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly snapshotId: number;
  readonly sequence: number;
  readonly minSequence: number;
  readonly counts: Readonly<Record<"added" | "existing" | "deleted", Count>>;
}
interface Count {
  readonly files: number;
  readonly rows: number;
}

type AvroSchema = Readonly<Record<string, unknown>>;

const field = (name: string, id: number, type: unknown, optional = false): AvroSchema => ({
  name,
  type: optional ? ["null", type] : type,
  ...(optional && { default: null }),
  "field-id": id,
});

const map = (id: number, key: number, value: number, type: unknown): AvroSchema => ({
  type: "array",
  logicalType: "map",
  items: {
    type: "record",
    name: `k${key}_v${value}`,
    fields: [field("key", key, "int"), field("value", value, type)],
  },
  "element-id": id,
});

const avroTypes: Readonly<Record<IcebergType, unknown>> = {
  boolean: "boolean",
  int: "int",
  long: "long",
  double: "double",
  string: "string",
  date: { type: "int", logicalType: "date" },
  timestamptz: { type: "long", logicalType: "timestamp-micros", "adjust-to-utc": true },
};

/** The type of a partition's value: a year is a number. */
function partitionType(
  { source, transform }: PartitionField,
  columns: readonly LakeColumn[],
): unknown {
  if (transform === "year") return "int";
  return avroTypes[columns.find(({ id }) => id === source)!.type];
}

/** The schema of a manifest's entries. */
function entrySchema(
  partitions: readonly PartitionField[],
  columns: readonly LakeColumn[],
): AvroSchema {
  const file = {
    type: "record",
    name: "r2",
    fields: [
      field("content", 134, "int"),
      field("file_path", 100, "string"),
      field("file_format", 101, "string"),
      field("partition", 102, {
        type: "record",
        name: "r102",
        fields: partitions.map((one) => field(one.name, one.id, partitionType(one, columns), true)),
      }),
      field("record_count", 103, "long"),
      field("file_size_in_bytes", 104, "long"),
      field("value_counts", 109, map(109, 119, 120, "long"), true),
      field("null_value_counts", 110, map(110, 121, 122, "long"), true),
      field("lower_bounds", 125, map(125, 126, 127, "bytes"), true),
      field("upper_bounds", 128, map(128, 129, 130, "bytes"), true),
    ],
  };
  return {
    type: "record",
    name: "manifest_entry",
    fields: [
      field("status", 0, "int"),
      field("snapshot_id", 1, "long", true),
      field("sequence_number", 3, "long", true),
      field("file_sequence_number", 4, "long", true),
      field("data_file", 2, file),
    ],
  };
}

const listSchema: AvroSchema = {
  type: "record",
  name: "manifest_file",
  fields: [
    field("manifest_path", 500, "string"),
    field("manifest_length", 501, "long"),
    field("partition_spec_id", 502, "int"),
    field("content", 517, "int"),
    field("sequence_number", 515, "long"),
    field("min_sequence_number", 516, "long"),
    field("added_snapshot_id", 503, "long"),
    field("added_files_count", 504, "int"),
    field("existing_files_count", 505, "int"),
    field("deleted_files_count", 506, "int"),
    field("added_rows_count", 512, "long"),
    field("existing_rows_count", 513, "long"),
    field("deleted_rows_count", 514, "long"),
  ],
};

async function encode(
  schema: AvroSchema,
  records: readonly object[],
  metadata: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const told = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value)] as const);
  // The schema is written as it is here, field ids and all.
  const encoder = new avro.streams.BlockEncoder(
    schema as unknown as avro.Schema,
    {
      codec: "deflate",
      blockSize: 1 << 20,
      // The same records are the same bytes.
      syncMarker: createHash("sha256")
        .update(JSON.stringify([schema, metadata]))
        .digest()
        .subarray(0, 16),
      metadata: Object.fromEntries(told),
    } as Partial<avro.EncoderOptions>,
  );
  const chunks: Buffer[] = [];
  encoder.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (const record of records) encoder.write(record);
  encoder.end();
  await once(encoder, "end");
  return Buffer.concat(chunks);
}

async function decode<Entry>(bytes: Buffer): Promise<Entry[]> {
  const decoder = new avro.streams.BlockDecoder();
  const records: Entry[] = [];
  decoder.on("data", (record: Entry) => records.push(record));
  decoder.end(bytes);
  await once(decoder, "end");
  return records;
}

const pairs = <Value>(values: ReadonlyMap<number, Value>) =>
  [...values].map(([key, value]) => ({ key, value }));

/** A manifest: entries, with the schema and the partitions that they are of. */
export function writeManifest(
  entries: readonly ManifestEntry[],
  about: {
    readonly columns: readonly LakeColumn[];
    readonly partitions: readonly PartitionField[];
    readonly schema: string;
    readonly schemaId: number;
    readonly spec: string;
  },
): Promise<Buffer> {
  const records = entries.map(({ status, snapshotId, sequence, file }) => ({
    status,
    snapshot_id: snapshotId,
    sequence_number: sequence,
    file_sequence_number: sequence,
    data_file: {
      content: 0,
      file_path: file.path,
      file_format: "PARQUET",
      partition: file.partition,
      record_count: file.rows,
      file_size_in_bytes: file.bytes,
      value_counts: pairs(file.valueCounts),
      null_value_counts: pairs(file.nullCounts),
      lower_bounds: pairs(file.lower),
      upper_bounds: pairs(file.upper),
    },
  }));
  return encode(entrySchema(about.partitions, about.columns), records, {
    schema: about.schema,
    "schema-id": String(about.schemaId),
    "partition-spec": about.spec,
    "partition-spec-id": "0",
    "format-version": "2",
    content: "data",
  });
}

interface EntryRecord {
  readonly status: number;
  readonly snapshot_id: number;
  readonly sequence_number: number;
  readonly data_file: {
    readonly file_path: string;
    readonly partition: Readonly<Record<string, PartitionValue>>;
    readonly record_count: number;
    readonly file_size_in_bytes: number;
    readonly value_counts: readonly { key: number; value: number }[] | null;
    readonly null_value_counts: readonly { key: number; value: number }[] | null;
    readonly lower_bounds: readonly { key: number; value: Buffer }[] | null;
    readonly upper_bounds: readonly { key: number; value: Buffer }[] | null;
  };
}

/** The entries of a manifest. */
export async function readManifest(bytes: Buffer): Promise<ManifestEntry[]> {
  const counts = (values: readonly { key: number; value: number }[] | null) =>
    new Map((values ?? []).map(({ key, value }) => [key, value]));
  const bounds = (values: readonly { key: number; value: Buffer }[] | null) =>
    new Map((values ?? []).map(({ key, value }) => [key, Buffer.from(value)]));
  return (await decode<EntryRecord>(bytes)).map(
    ({ status, snapshot_id, sequence_number, data_file: file }) => ({
      status,
      snapshotId: snapshot_id,
      sequence: sequence_number,
      file: {
        path: file.file_path,
        partition: { ...file.partition },
        rows: file.record_count,
        bytes: file.file_size_in_bytes,
        valueCounts: counts(file.value_counts),
        nullCounts: counts(file.null_value_counts),
        lower: bounds(file.lower_bounds),
        upper: bounds(file.upper_bounds),
      },
    }),
  );
}

/** The list of a snapshot's manifests. */
export function writeManifestList(
  manifests: readonly ManifestFile[],
  about: {
    readonly snapshotId: number;
    readonly parentId: number | undefined;
    readonly sequence: number;
  },
): Promise<Buffer> {
  const records = manifests.map((one) => ({
    manifest_path: one.path,
    manifest_length: one.bytes,
    partition_spec_id: 0,
    content: 0,
    sequence_number: one.sequence,
    min_sequence_number: one.minSequence,
    added_snapshot_id: one.snapshotId,
    added_files_count: one.counts.added.files,
    existing_files_count: one.counts.existing.files,
    deleted_files_count: one.counts.deleted.files,
    added_rows_count: one.counts.added.rows,
    existing_rows_count: one.counts.existing.rows,
    deleted_rows_count: one.counts.deleted.rows,
  }));
  return encode(listSchema, records, {
    "snapshot-id": String(about.snapshotId),
    ...(about.parentId !== undefined && { "parent-snapshot-id": String(about.parentId) }),
    "sequence-number": String(about.sequence),
    "format-version": "2",
  });
}

/** Where the manifests of a snapshot are. */
export async function readManifestList(bytes: Buffer): Promise<string[]> {
  const list = await decode<{ manifest_path: string }>(bytes);
  return list.map(({ manifest_path }) => manifest_path);
}
