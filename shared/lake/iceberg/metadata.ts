import { z } from "zod";
import { MalformedRecord } from "../../errors.ts";

const snapshotSchema = z.looseObject({
  "snapshot-id": z.number(),
  "parent-snapshot-id": z.number().optional(),
  "sequence-number": z.number(),
  "timestamp-ms": z.number(),
  "manifest-list": z.string(),
  summary: z.record(z.string(), z.string()),
  "schema-id": z.number().optional(),
});

const metadataSchema = z.looseObject({
  "format-version": z.literal(2),
  "table-uuid": z.string(),
  location: z.string(),
  "last-sequence-number": z.number(),
  "last-updated-ms": z.number(),
  "last-column-id": z.number(),
  "current-schema-id": z.number(),
  schemas: z.array(
    z.looseObject({
      type: z.literal("struct"),
      "schema-id": z.number(),
      fields: z.array(
        z.looseObject({
          id: z.number(),
          name: z.string(),
          required: z.boolean(),
          type: z.string(),
        }),
      ),
    }),
  ),
  "default-spec-id": z.number(),
  "partition-specs": z.array(
    z.looseObject({ "spec-id": z.number(), fields: z.array(z.looseObject({})) }),
  ),
  "last-partition-id": z.number(),
  properties: z.record(z.string(), z.string()),
  "current-snapshot-id": z.number().optional(),
  refs: z.record(z.string(), z.unknown()).optional(),
  snapshots: z.array(snapshotSchema),
  "snapshot-log": z.array(z.object({ "snapshot-id": z.number(), "timestamp-ms": z.number() })),
  "metadata-log": z.array(z.object({ "metadata-file": z.string(), "timestamp-ms": z.number() })),
});

/** The metadata of a table, format version 2, as far as it is looked at; what else is in it stays. */
export type Metadata = z.infer<typeof metadataSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * Reads a table's metadata.
 *
 * @throws MalformedRecord for another format version, and what is none
 */
export function readMetadata(where: string, bytes: Buffer): Metadata {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new MalformedRecord(
      `${where}: expected the metadata of an Iceberg table, it is no JSON.`,
    );
  }
  const checked = metadataSchema.safeParse(parsed);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new MalformedRecord(
    `${where}: expected the metadata of an Iceberg table of format version 2: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}

/** The current snapshot; undefined while a table has none. */
export function currentSnapshot(metadata: Metadata): Snapshot | undefined {
  return metadata.snapshots.find(
    (snapshot) => snapshot["snapshot-id"] === metadata["current-snapshot-id"],
  );
}
