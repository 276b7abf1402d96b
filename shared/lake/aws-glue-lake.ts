import {
  CreateTableCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
  type Table,
  type TableInput,
} from "@aws-sdk/client-glue";
import { failureOf } from "../backfill/executors/aws-account.ts";
import { published, type PublishedName } from "../catalogue.ts";
import { InvalidInput, SourceRejected } from "../errors.ts";
import { s3Client } from "../objects/s3.ts";
import { bucketFolder, type CataloguePointer } from "./aws-bucket-folder.ts";
import type { IcebergType, LakeColumn } from "./iceberg/schema.ts";
import type { Lake } from "./table-folder.ts";
import { publishedTables } from "./tables.ts";

/** What Glue calls our types: columns there are for people who look at the catalogue; readers go by the metadata. */
const glueTypes: Readonly<Record<IcebergType, string>> = {
  boolean: "boolean",
  int: "int",
  long: "bigint",
  double: "double",
  string: "string",
  date: "date",
  timestamptz: "timestamp",
};

/**
 * Iceberg tables in a bucket, in the Glue catalogue: a commit is Glue's update of a table from the version that it was made from.
 *
 * @param url `s3://bucket/prefix` under which the tables are
 * @param databases what the names of the databases begin with
 */
export function glueLake(
  url: string,
  databases: string,
  clients: { readonly glue?: GlueClient; readonly s3?: ReturnType<typeof s3Client> } = {},
): Lake {
  const root = url.replace(/\/$/, "");
  const { glue = new GlueClient({}), s3 = s3Client() } = clients;
  return {
    address: root,
    table(name) {
      // One a class: rights are given by class.
      const database = `${databases}_${published[name as PublishedName].class}`;
      const location = `${root}/${name}`;
      const pointer = gluePointer(glue, database, name, location);
      return Promise.resolve(bucketFolder(location, pointer, s3));
    },
  };
}

function gluePointer(
  glue: GlueClient,
  database: string,
  name: string,
  location: string,
): CataloguePointer {
  const at = { DatabaseName: database };
  const read = async (): Promise<Table | undefined> => {
    try {
      return (await glue.send(new GetTableCommand({ ...at, Name: name }))).Table;
    } catch (thrown) {
      if (isNamed(thrown, "EntityNotFoundException")) return undefined;
      throw glueFailure(thrown, database, name);
    }
  };
  return {
    async current() {
      const table = await read();
      if (table === undefined) return undefined;
      const { table_type: type = "", metadata_location: uri } = table.Parameters ?? {};
      if (type.toUpperCase() !== "ICEBERG" || uri === undefined) {
        throw new InvalidInput(
          `The table ${database}.${name} of the Glue catalogue is no Iceberg table: it was made by something else; remove it, or publish elsewhere.`,
        );
      }
      if (!uri.startsWith(`${location}/metadata/`)) {
        throw new InvalidInput(
          `The table ${database}.${name} of the Glue catalogue lies in ${uri}, and not in ${location}: it was made by something else; remove it, or publish elsewhere.`,
        );
      }
      return { uri, token: table.VersionId };
    },
    async advance(from, uri) {
      const input = tableInput(name, location, uri);
      try {
        await (from === undefined
          ? glue.send(new CreateTableCommand({ ...at, TableInput: input }))
          : glue.send(
              new UpdateTableCommand({
                ...at,
                TableInput: input,
                VersionId: from.token,
                SkipArchive: true,
              }),
            ));
        return true;
      } catch (thrown) {
        // The SDK asks again when an answer is lost, and what is in the way then may be what it wrote itself.
        const lost = ["AlreadyExistsException", "ConcurrentModificationException"];
        if (lost.some((one) => isNamed(thrown, one))) {
          return (await read())?.Parameters?.["metadata_location"] === uri;
        }
        throw glueFailure(thrown, database, name);
      }
    },
  };
}

function tableInput(name: string, location: string, uri: string): TableInput {
  const { columns } = publishedTables[name as PublishedName] as { columns: readonly LakeColumn[] };
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { table_type: "ICEBERG", metadata_location: uri },
    StorageDescriptor: {
      Location: location,
      Columns: columns.map((column) => ({
        Name: column.name,
        Type: glueTypes[column.type],
        Comment: column.doc,
      })),
    },
  };
}

const isNamed = (thrown: unknown, name: string): boolean =>
  thrown instanceof Error && thrown.name === name;

function glueFailure(thrown: unknown, database: string, table: string): Error {
  if (isNamed(thrown, "EntityNotFoundException")) {
    return new SourceRejected(
      `There is no database ${database} in the Glue catalogue of this region: set quarry:warehouse.lakehouse to glue-iceberg and run "pulumi up".`,
      { cause: thrown },
    );
  }
  if (isNamed(thrown, "AccessDeniedException")) {
    return new SourceRejected(
      `Glue refuses us the table ${database}.${table} (${(thrown as Error).message}): this role lacks a grant of Lake Formation, or glue:UpdateTable; the job that the stack made for publishing has them.`,
      { cause: thrown },
    );
  }
  return failureOf(thrown, "Glue");
}
