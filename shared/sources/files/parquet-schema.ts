import { open } from "node:fs/promises";
import { InvalidInput, messageOf } from "../../errors.ts";

/** A column of a Parquet file and the ClickHouse type it is read as. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * The columns of a Parquet file, from its footer.
 *
 * @throws InvalidInput when the file is no Parquet, or was cut off
 */
export async function readParquetSchema(path: string): Promise<ParquetColumn[]> {
  const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const file = await open(path);
  try {
    const { size: byteLength } = await file.stat();
    const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
      const bytes = new ArrayBuffer(end - start);
      await file.read(new Uint8Array(bytes), 0, end - start, start);
      return bytes;
    };
    const metadata = await parquetMetadataAsync({ byteLength, slice });
    return parquetSchema(metadata).children.map(({ element }) => ({
      name: element.name,
      type: clickHouseType(element),
    }));
  } catch (thrown) {
    throw new InvalidInput(`${path}: expected a Parquet file: ${messageOf(thrown)}.`);
  } finally {
    await file.close();
  }
}

interface Element {
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly logical_type?: { readonly type: string } | undefined;
}

/** Times are read as text: only their day counts, and text shows it in the file's own clock. */
function clickHouseType({ type, converted_type, logical_type }: Element): string {
  const logical = logical_type?.type ?? converted_type ?? "";
  if (logical === "DATE") return "Nullable(Date32)";
  if (logical.startsWith("TIMESTAMP") || type === "INT96") return "Nullable(DateTime64(3, 'UTC'))";
  if (logical.startsWith("DECIMAL") || type === "FLOAT" || type === "DOUBLE")
    return "Nullable(Float64)";
  if (type === "INT32" || type === "INT64") return "Nullable(Int64)";
  return "Nullable(String)";
}
