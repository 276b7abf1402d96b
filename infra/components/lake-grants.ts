import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataClasses, tablesOf } from "../lake-names.ts";
import { markOf } from "../names.ts";
import type { Environment } from "./environment.ts";
import { GlueLake } from "./glue-lake.ts";
import type { Lakehouse } from "./lakehouse.ts";
import type { TableBucketLake } from "./table-bucket-lake.ts";

export interface LakeGrantsArgs {
  readonly environment: Environment;
  readonly lakehouse: Lakehouse;
  /** Roles of the jobs that publish, by job. */
  readonly publishers: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Who may read which class, and write, by Lake Formation: the readers of the configuration, and the jobs that publish. */
export class LakeGrants extends pulumi.ComponentResource {
  readonly #environment: Environment;
  readonly #name: string;

  constructor(name: string, args: LakeGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:lakehouse:LakeGrants", name, {}, opts);
    this.#environment = args.environment;
    this.#name = name;
    const { store } = args.lakehouse;
    if (store instanceof GlueLake) this.#ofGlue(store, args.publishers);
    else this.#ofTables(store);
    this.registerOutputs({});
  }

  /** By tag: a table of a class is read by who may read the class, from the moment it is made. */
  #ofGlue(store: GlueLake, publishers: LakeGrantsArgs["publishers"]): void {
    const { readers } = this.#environment.config.lakehouse;
    const grant = (
      what: string,
      principal: pulumi.Input<string>,
      classes: readonly string[],
      resourceType: "DATABASE" | "TABLE",
      permissions: string[],
    ): void => {
      const expressions = [{ key: store.tagKey, values: [...classes] }];
      this.#grant(what, store, {
        principal,
        permissions,
        lfTagPolicy: { resourceType, expressions },
      });
    };
    for (const { principal, classes } of readers) {
      const reader = markOf(principal);
      grant(`${reader}-databases`, principal, classes, "DATABASE", ["DESCRIBE"]);
      grant(`${reader}-tables`, principal, classes, "TABLE", ["DESCRIBE", "SELECT"]);
    }
    for (const [job, principal] of Object.entries(publishers)) {
      this.#grant(`${job}-location`, store, {
        principal,
        permissions: ["DATA_LOCATION_ACCESS"],
        dataLocation: { arn: store.locationArn },
      });
      grant(`${job}-databases`, principal, dataClasses, "DATABASE", ["CREATE_TABLE", "DESCRIBE"]);
      // It makes and changes tables; it drops none.
      grant(`${job}-tables`, principal, dataClasses, "TABLE", [
        "ALTER",
        "DELETE",
        "DESCRIBE",
        "INSERT",
        "SELECT",
      ]);
    }
  }

  /** By name: the provider refuses tags in the catalogue of S3 Tables. Publishing goes past Lake Formation, by IAM. */
  #ofTables(store: TableBucketLake): void {
    const { config, accountId } = this.#environment;
    const catalogId = pulumi.interpolate`${accountId}:s3tablescatalog/${store.bucketName}`;
    for (const { principal, classes } of config.lakehouse.readers) {
      const reader = markOf(principal);
      this.#grant(`${reader}-namespace`, store, {
        principal,
        permissions: ["DESCRIBE"],
        database: { catalogId, name: store.namespace },
      });
      for (const table of tablesOf(classes)) {
        this.#grant(`${reader}-${table.replaceAll("_", "-")}`, store, {
          principal,
          permissions: ["DESCRIBE", "SELECT"],
          table: { catalogId, databaseName: store.namespace, name: store.tables[table] },
        });
      }
    }
  }

  #grant(
    what: string,
    { ready }: GlueLake | TableBucketLake,
    permissions: aws.lakeformation.PermissionsArgs,
  ): void {
    new aws.lakeformation.Permissions(`${this.#name}-${what}`, permissions, {
      parent: this,
      dependsOn: [...ready],
    });
  }
}
