import {
  GetTableMetadataLocationCommand,
  S3TablesClient,
  UpdateTableMetadataLocationCommand,
  type GetTableMetadataLocationCommandOutput,
} from "@aws-sdk/client-s3tables";
import { failureOf } from "../backfill/executors/aws-account.ts";
import { SourceRejected } from "../errors.ts";
import { s3Client } from "../objects/s3.ts";
import { bucketFolder, type CataloguePointer } from "./aws-bucket-folder.ts";
import type { Lake } from "./table-folder.ts";

/**
 * Tables of a table bucket of S3: a commit is an update of a table's metadata location with the token of the version that it was made
 * from. The stack makes the tables, empty; files that nobody needs go by themselves.
 *
 * @param arn of the table bucket
 * @param namespace in it
 */
export function s3TablesLake(
  arn: string,
  namespace: string,
  clients: { readonly tables?: S3TablesClient; readonly s3?: ReturnType<typeof s3Client> } = {},
): Lake {
  const region = arn.split(":")[3]!;
  const { tables = new S3TablesClient({ region }), s3 = s3Client({ region }) } = clients;
  return {
    address: `${arn}/${namespace}`,
    async table(name) {
      const at = { tableBucketARN: arn, namespace, name };
      const { warehouseLocation } = await locationOf(tables, at);
      const location = warehouseLocation!.replace(/\/$/, "");
      const unlisted = (): never => {
        throw new SourceRejected(
          `${arn}: files of a table bucket can't be listed; S3 Tables removes by itself what no snapshot needs.`,
        );
      };
      return {
        ...bucketFolder(location, pointerOf(tables, at), s3),
        list: unlisted,
        files: unlisted,
        // S3 Tables removes it by itself.
        remove: () => Promise.resolve(),
      };
    },
  };
}

interface TableName {
  readonly tableBucketARN: string;
  readonly namespace: string;
  readonly name: string;
}

function pointerOf(tables: S3TablesClient, at: TableName): CataloguePointer {
  let fresh: string | undefined;
  return {
    async current() {
      const { metadataLocation: uri, versionToken } = await locationOf(tables, at);
      fresh = versionToken;
      return uri === undefined ? undefined : { uri, token: versionToken };
    },
    async advance(from, uri) {
      try {
        await tables.send(
          new UpdateTableMetadataLocationCommand({
            ...at,
            // A table that has no metadata yet has a token, too.
            versionToken: from?.token ?? fresh,
            metadataLocation: uri,
          }),
        );
        return true;
      } catch (thrown) {
        if (!(thrown instanceof Error) || thrown.name !== "ConflictException") {
          throw tablesFailure(thrown, at);
        }
        // The SDK asks again when an answer is lost, and what is in the way then may be what it wrote itself.
        return (await locationOf(tables, at)).metadataLocation === uri;
      }
    },
  };
}

async function locationOf(
  tables: S3TablesClient,
  at: TableName,
): Promise<GetTableMetadataLocationCommandOutput> {
  try {
    return await tables.send(new GetTableMetadataLocationCommand(at));
  } catch (thrown) {
    throw tablesFailure(thrown, at);
  }
}

function tablesFailure(thrown: unknown, { tableBucketARN, namespace, name }: TableName): Error {
  const said = thrown instanceof Error ? thrown.name : "";
  if (said === "NotFoundException") {
    return new SourceRejected(
      `There is no table ${namespace}.${name} in ${tableBucketARN}: set quarry:warehouse.lakehouse to s3-tables and run "pulumi up".`,
      { cause: thrown },
    );
  }
  if (said === "ForbiddenException" || said === "AccessDeniedException") {
    return new SourceRejected(
      `S3 Tables refuses us the table ${namespace}.${name} (${(thrown as Error).message}): this role lacks s3tables:GetTableMetadataLocation or s3tables:UpdateTableMetadataLocation; the job that the stack made for publishing has them.`,
      { cause: thrown },
    );
  }
  return failureOf(thrown, "S3 Tables");
}
