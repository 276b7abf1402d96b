import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { MalformedRecord } from "../errors.ts";
import type { DataFile } from "./iceberg/avro.ts";
import type { IcebergType, LakeColumn } from "./iceberg/schema.ts";
import { boundOf } from "./iceberg/values.ts";

/** Texts beyond that bound nothing: a file is read for them. */
const longestBound = 64;

/** Physical types of Parquet in which a column of a table may stand. */
const physical: Readonly<Record<IcebergType, string>> = {
  boolean: "BOOLEAN",
  int: "INT32",
  long: "INT64",
  double: "DOUBLE",
  string: "BYTE_ARRAY",
  date: "INT32",
  timestamptz: "INT64",
};

/** What a Parquet file's foot says, as a manifest tells it. */
export type ParquetStats = Pick<
  DataFile,
  "rows" | "bytes" | "valueCounts" | "nullCounts" | "lower" | "upper"
>;

/**
 * Reads the foot of a Parquet file.
 *
 * @throws MalformedRecord when its columns are not those of the table, by name, place and type
 */
export async function parquetStats(
  path: string,
  columns: readonly LakeColumn[],
): Promise<ParquetStats> {
  const buffer = await asyncBufferFromFile(path);
  const foot = await parquetMetadataAsync(buffer);
  const leaves = foot.schema.slice(1);
  const told = leaves.map(({ name, type }) => `${name} ${type ?? ""}`).join(", ");
  const wanted = columns.map(({ name, type }) => `${name} ${physical[type]}`).join(", ");
  if (told !== wanted) {
    throw new MalformedRecord(`${path}: expected the columns ${wanted}, it has ${told}.`);
  }
  const valueCounts = new Map<number, number>();
  const nullCounts = new Map<number, number>();
  const lower = new Map<number, Buffer>();
  const upper = new Map<number, Buffer>();
  for (const [at, { id, type }] of columns.entries()) {
    let [values, nulls] = [0, 0];
    let [least, most]: [Stat | undefined, Stat | undefined] = [undefined, undefined];
    let bounded = true;
    for (const { columns: chunks } of foot.row_groups) {
      const { num_values, statistics } = chunks[at]!.meta_data!;
      const missing = Number(statistics?.null_count ?? 0);
      values += Number(num_values);
      nulls += missing;
      const [min, max] = [statOf(statistics?.min_value), statOf(statistics?.max_value)];
      if (min === undefined || max === undefined) {
        bounded &&= missing === Number(num_values);
        continue;
      }
      if (least === undefined || min < least) least = min;
      if (most === undefined || max > most) most = max;
    }
    valueCounts.set(id, values);
    nullCounts.set(id, nulls);
    if (!bounded || least === undefined || most === undefined) continue;
    const bounds = [least, most].map((value) => bound(type, value));
    if (bounds.some((bytes) => bytes.length > longestBound)) continue;
    lower.set(id, bounds[0]!);
    upper.set(id, bounds[1]!);
  }
  const rows = Number(foot.num_rows);
  return { rows, bytes: buffer.byteLength, valueCounts, nullCounts, lower, upper };
}

type Stat = string | number | bigint | boolean;

function statOf(value: unknown): Stat | undefined {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  return ["string", "number", "bigint", "boolean"].includes(typeof value)
    ? (value as Stat)
    : undefined;
}

/** A bound; days and times come as ms since 1970. */
function bound(type: IcebergType, value: Stat): Buffer {
  if (type === "date") return boundOf(type, Math.round(Number(value) / 86_400_000));
  if (type === "timestamptz") return boundOf(type, BigInt(Number(value)) * 1000n);
  return boundOf(type, value);
}
