import type { IcebergType } from "./schema.ts";

/** A value of a partition: text, number, days or years since 1970. */
export type PartitionValue = string | number | null;

/** One value as bounds hold it, by the specification's single-value serialization. */
export function boundOf(type: IcebergType, value: string | number | bigint | boolean): Buffer {
  switch (type) {
    case "string":
      return Buffer.from(String(value), "utf8");
    case "boolean":
      return Buffer.from([value ? 1 : 0]);
    case "int":
    case "date": {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(Number(value));
      return bytes;
    }
    case "long":
    case "timestamptz": {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      return bytes;
    }
    case "double": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(Number(value));
      return bytes;
    }
  }
}
