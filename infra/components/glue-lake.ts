import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { classDatabaseOf, classTagOf, dataClasses, lakeFolders } from "../lake-names.ts";
import { whyNotGuarded } from "../lake-settings.ts";
import { guarded, type Environment } from "./environment.ts";
import type { Storage } from "./storage.ts";
import { Workload } from "./workload.ts";

export interface GlueLakeArgs {
  readonly environment: Environment;
  /** Whose lake bucket has the tables. */
  readonly storage: Storage;
}

/**
 * Iceberg in the lake bucket: a Glue database a class, whose tag its tables inherit. The publishing job makes the tables.
 *
 * Whoever deploys it is an administrator of Lake Formation. The account's settings are read, and never written: a resource
 * for them would overwrite what others need.
 */
export class GlueLake extends pulumi.ComponentResource {
  readonly kind = "glue-iceberg";
  readonly url: pulumi.Output<string>;
  /** The registered location. */
  readonly locationArn: pulumi.Output<string>;
  readonly tagKey: pulumi.Output<string>;
  /** What grants wait for: databases that have their tags, and the location. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GlueLakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:lakehouse:GlueLake", name, {}, opts);
    const { environment, storage } = args;
    const { config, accountId } = environment;
    const parent = { parent: this };
    this.url = pulumi.interpolate`s3://${storage.lake.bucketName}/${lakeFolders.tables}`;
    // The provider does not send an empty list of default permissions, so that a database would have the account's.
    const catalogId = pulumi
      .all([aws.lakeformation.getDataLakeSettingsOutput({}, parent), accountId])
      .apply(([settings, account]) => {
        const why = whyNotGuarded(settings);
        if (why !== undefined) throw new pulumi.RunError(why);
        return account;
      });
    const tag = new aws.lakeformation.LfTag(
      `${name}-class`,
      { key: classTagOf(config.environment), values: [...dataClasses] },
      parent,
    );
    const databases = dataClasses.map((dataClass) => {
      const database = new aws.glue.CatalogDatabase(
        `${name}-${dataClass}`,
        {
          catalogId,
          name: classDatabaseOf(config.environment, dataClass),
          description: `Published tables of class ${dataClass}`,
          locationUri: pulumi.interpolate`${this.url}/`,
          createTableDefaultPermissions: [],
        },
        { ...parent, ...guarded(environment) },
      );
      const tagged = new aws.lakeformation.ResourceLfTag(
        `${name}-${dataClass}-class`,
        { database: { name: database.name }, lfTag: { key: tag.key, value: dataClass } },
        parent,
      );
      return { database, tagged };
    });
    const role = new Workload(
      `${name}-location-role`,
      {
        environment,
        service: "lakeformation.amazonaws.com",
        statements: [
          {
            actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            resources: [pulumi.interpolate`${storage.lake.arn}/${lakeFolders.tables}/*`],
          },
          {
            actions: ["s3:ListBucket"],
            resources: [storage.lake.arn],
            condition: { StringLike: { "s3:prefix": [`${lakeFolders.tables}/*`] } },
          },
        ],
      },
      parent,
    );
    const location = new aws.lakeformation.Resource(
      `${name}-location`,
      {
        arn: pulumi.interpolate`${storage.lake.arn}/${lakeFolders.tables}`,
        roleArn: role.arn,
        // No second way in, by IAM alone.
        hybridAccessEnabled: false,
      },
      // A database in a registered location takes a permission on it that nobody has yet.
      { ...parent, dependsOn: [role.policy, ...databases.map(({ database }) => database)] },
    );
    this.locationArn = location.arn;
    this.tagKey = tag.key;
    this.ready = [location, ...databases.map(({ tagged }) => tagged)];
    this.registerOutputs({ url: this.url });
  }
}
