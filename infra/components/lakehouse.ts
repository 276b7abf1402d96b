import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Lake } from "../destinations.ts";
import { lakeDatabaseOf, lakeFolders } from "../lake-names.ts";
import type { Environment } from "./environment.ts";
import { GlueLake } from "./glue-lake.ts";
import type { Storage } from "./storage.ts";
import { TableBucketLake } from "./table-bucket-lake.ts";

export interface LakehouseArgs {
  readonly environment: Environment;
  /** Whose lake bucket has the tables, where they are not S3's to manage, and the answers of Athena. */
  readonly storage: Storage;
}

const gib = 1024 ** 3;

/**
 * Published tables for SageMaker Lakehouse: Iceberg of either kind, and a workgroup of Athena to ask them in.
 *
 * Idle it costs nothing but storage by the gigabyte; Athena is paid by what it scans.
 */
export class Lakehouse extends pulumi.ComponentResource implements Lake {
  readonly kind: Lake["kind"];
  readonly url: pulumi.Output<string>;
  readonly database: string;
  readonly athenaWorkgroup: pulumi.Output<string>;
  /** What has the tables. */
  readonly store: GlueLake | TableBucketLake;

  constructor(name: string, args: LakehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:lakehouse:Lakehouse", name, {}, opts);
    const { environment, storage } = args;
    const { config, prefix } = environment;
    const { protect, teardown, warehouse, lakehouse } = config;
    const parent = { parent: this };
    this.store =
      warehouse.lakehouse === "s3-tables"
        ? new TableBucketLake(`${name}-tables`, { environment }, parent)
        : new GlueLake(`${name}-glue`, { environment, storage }, parent);
    const workgroup = new aws.athena.Workgroup(
      `${name}-athena`,
      {
        name: prefix,
        forceDestroy: !protect || teardown,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: lakehouse.scanLimitGiB * gib,
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${storage.lake.bucketName}/${lakeFolders.athena}/`,
            // Not by a key of KMS: from such a workgroup Athena does not write to S3 Tables.
            encryptionConfiguration: { encryptionOption: "SSE_S3" },
          },
        },
      },
      parent,
    );
    this.kind = this.store.kind;
    this.url = this.store.url;
    this.database = lakeDatabaseOf(config.environment);
    this.athenaWorkgroup = workgroup.name;
    this.registerOutputs({ url: this.url, database: this.database });
  }
}
