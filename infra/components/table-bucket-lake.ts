import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { published, type PublishedName } from "../../shared/catalogue.ts";
import { lakeDatabaseOf } from "../lake-names.ts";
import { guarded, type Environment } from "./environment.ts";
import { TablesCatalogue } from "./tables-catalogue.ts";

export interface TableBucketLakeArgs {
  readonly environment: Environment;
}

/** Encrypted by a key of S3's. The provider's type wants a key of KMS besides, which there is none of. */
const encrypted = {
  sseAlgorithm: "AES256",
} as aws.types.input.s3tables.TableEncryptionConfiguration;

/**
 * Iceberg tables that S3 manages, one for each that is published. They are made without a schema: the publishing job commits
 * their first metadata, as all that follow.
 */
export class TableBucketLake extends pulumi.ComponentResource {
  readonly kind = "s3-tables";
  /** The table bucket's ARN. */
  readonly url: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly tables: Readonly<Record<PublishedName, pulumi.Output<string>>>;
  /** What grants wait for: the tables, and the catalogue that they are in. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    { environment }: TableBucketLakeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("quarry:lakehouse:TableBucketLake", name, {}, opts);
    const { config, prefix } = environment;
    const { protect, teardown, lakehouse } = config;
    const held = { parent: this, ...guarded(environment) };
    const bucket = new aws.s3tables.TableBucket(
      name,
      {
        name: `${prefix}-lake`,
        encryptionConfiguration: encrypted,
        forceDestroy: !protect || teardown,
        // Files that no snapshot names: what a publish that was killed left.
        maintenanceConfiguration: {
          icebergUnreferencedFileRemoval: {
            status: "enabled",
            settings: { unreferencedDays: 7, nonCurrentDays: 7 },
          },
        },
      },
      held,
    );
    const namespace = new aws.s3tables.Namespace(
      `${name}-namespace`,
      { tableBucketArn: bucket.arn, namespace: lakeDatabaseOf(config.environment) },
      held,
    );
    const tables = (Object.keys(published) as PublishedName[]).map((table) => {
      const made = new aws.s3tables.Table(
        `${name}-${table.replaceAll("_", "-")}`,
        {
          tableBucketArn: namespace.tableBucketArn,
          namespace: namespace.namespace,
          name: table,
          format: "ICEBERG",
          encryptionConfiguration: encrypted,
          maintenanceConfiguration: {
            // Our files are whole already, and the job refuses to go on from a snapshot that somebody else wrote.
            icebergCompaction: { status: "disabled", settings: { targetFileSizeMb: 512 } },
            icebergSnapshotManagement: {
              status: "enabled",
              settings: {
                maxSnapshotAgeHours: lakehouse.retentionDays * 24,
                minSnapshotsToKeep: 1,
              },
            },
          },
        },
        held,
      );
      return [table, made] as const;
    });
    const catalogue = lakehouse.federate
      ? [new TablesCatalogue(`${name}-catalogue`, { environment }, { parent: this })]
      : [];
    this.url = bucket.arn;
    this.bucketName = bucket.name;
    this.namespace = namespace.namespace;
    this.tables = Object.fromEntries(
      tables.map(([table, { name: made }]) => [table, made]),
    ) as TableBucketLake["tables"];
    this.ready = [...catalogue, ...tables.map(([, made]) => made)];
    this.registerOutputs({ url: this.url });
  }
}
