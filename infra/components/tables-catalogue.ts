import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";
import { Workload } from "./workload.ts";

export interface TablesCatalogueArgs {
  readonly environment: Environment;
}

/**
 * The account's S3 Tables of a region in the Glue catalogue, so that SageMaker Lakehouse, Athena and Redshift see them, and
 * Lake Formation says who reads what. There is one for all table buckets, by the name `s3tablescatalog`: of several
 * environments in an account one has it, and the others say `quarry:lakehouse: {federate: false}`.
 *
 * Whoever deploys it is an administrator of Lake Formation.
 */
export class TablesCatalogue extends pulumi.ComponentResource {
  constructor(
    name: string,
    { environment }: TablesCatalogueArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("quarry:lakehouse:TablesCatalogue", name, {}, opts);
    const parent = { parent: this };
    const { config, accountId } = environment;
    const all = pulumi.interpolate`arn:aws:s3tables:${config.region}:${accountId}:bucket`;
    const role = new Workload(
      `${name}-role`,
      {
        environment,
        service: "lakeformation.amazonaws.com",
        // For whom it reads is said with it.
        trustActions: ["sts:AssumeRole", "sts:SetContext", "sts:SetSourceIdentity"],
        statements: [
          { actions: ["s3tables:ListTableBuckets"], resources: ["*"] },
          {
            // It gives to readers; who writes does it by a role of their own. Of all environments, as there is one catalogue.
            actions: [
              "s3tables:GetTableBucket",
              "s3tables:ListNamespaces",
              "s3tables:GetNamespace",
              "s3tables:ListTables",
              "s3tables:GetTable",
              "s3tables:GetTableMetadataLocation",
              "s3tables:GetTableData",
            ],
            resources: [
              pulumi.interpolate`${all}/quarry-*`,
              pulumi.interpolate`${all}/quarry-*/table/*`,
            ],
          },
        ],
      },
      parent,
    );
    const location = new aws.lakeformation.Resource(
      `${name}-location`,
      {
        arn: pulumi.interpolate`${all}/*`,
        roleArn: role.arn,
        withFederation: true,
        hybridAccessEnabled: false,
      },
      { ...parent, dependsOn: [role.policy] },
    );
    new aws.glue.Catalog(
      name,
      {
        name: "s3tablescatalog",
        federatedCatalog: {
          connectionName: "aws:s3tables",
          identifier: pulumi.interpolate`${all}/*`,
        },
        createDatabaseDefaultPermissions: [],
        createTableDefaultPermissions: [],
      },
      { ...parent, dependsOn: [location] },
    );
    this.registerOutputs({});
  }
}
