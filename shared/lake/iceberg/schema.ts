import { InvalidInput } from "../../errors.ts";

/** Types of Iceberg that tables of ours have: signed, and times in UTC. */
export type IcebergType = "boolean" | "int" | "long" | "double" | "string" | "date" | "timestamptz";

/** A column of a table in a lake. Its id is its own for ever: columns are told by it, whatever they are called. */
export interface LakeColumn {
  readonly id: number;
  readonly name: string;
  readonly type: IcebergType;
  /** True when it is never missing. */
  readonly required: boolean;
  readonly doc: string;
}

/** What a partition's value is made of. */
export interface PartitionField {
  /** Id of the column. */
  readonly source: number;
  /** From 1000 on. */
  readonly id: number;
  readonly name: string;
  readonly transform: "identity" | "year";
}

/** A schema as metadata holds it. */
export interface SchemaJson {
  readonly type: "struct";
  readonly "schema-id": number;
  readonly fields: readonly {
    readonly id: number;
    readonly name: string;
    readonly required: boolean;
    readonly type: string;
    readonly doc?: string;
  }[];
}

export function schemaJson(columns: readonly LakeColumn[], schemaId: number): SchemaJson {
  return {
    type: "struct",
    "schema-id": schemaId,
    fields: columns.map(({ id, name, required, type, doc }) => ({ id, name, required, type, doc })),
  };
}

export const partitionFieldsJson = (fields: readonly PartitionField[]): object[] =>
  fields.map(({ source, id, name, transform }) => ({
    "source-id": source,
    "field-id": id,
    name,
    transform,
  }));

/** Which columns of a Parquet file are which: files of ClickHouse name no field ids. */
export const nameMapping = (columns: readonly LakeColumn[]): string =>
  JSON.stringify(columns.map(({ id, name }) => ({ "field-id": id, names: [name] })));

/**
 * What a schema must become so that a table takes our columns.
 *
 * @returns undefined when it has them all; else the new one, with columns added
 * @throws InvalidInput when a column is another one there: nothing is published over it
 */
export function evolved(
  table: string,
  held: SchemaJson,
  columns: readonly LakeColumn[],
): SchemaJson | undefined {
  for (const column of columns) {
    const there = held.fields.find(({ id }) => id === column.id);
    const namesake = held.fields.find(({ name, id }) => name === column.name && id !== column.id);
    const other = there && (there.name !== column.name || there.type !== column.type);
    if (other || namesake) {
      const { name, type } = (there ?? namesake)!;
      throw new InvalidInput(
        `The table ${table} in the lake has a column ${name} ${type} where ${column.name} ${column.type} is to go: it was made by something else; publish to another folder, or remove the table.`,
      );
    }
  }
  const odd = held.fields.find(({ id }) => columns.every((column) => column.id !== id));
  if (odd !== undefined) {
    throw new InvalidInput(
      `The table ${table} in the lake has a column ${odd.name} that this version of Quarry does not know: perhaps a newer one published it.`,
    );
  }
  if (held.fields.length === columns.length) return undefined;
  // What was written before has none of it.
  const added = columns.filter((column) => held.fields.every(({ id }) => id !== column.id));
  const grown = columns.map((column) =>
    added.includes(column) ? { ...column, required: false } : column,
  );
  return schemaJson(grown, held["schema-id"] + 1);
}
