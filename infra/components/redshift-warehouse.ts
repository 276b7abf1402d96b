import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Redshift } from "../destinations.ts";
import { lakeFolders } from "../lake-names.ts";
import { migrations, redshiftNames } from "../redshift/migrations.ts";
import { configParameters } from "../redshift/parameters.ts";
import { guarded, type Environment } from "./environment.ts";
import { LogGroup } from "./log-group.ts";
import type { Network } from "./network.ts";
import type { Storage } from "./storage.ts";
import { Workload } from "./workload.ts";

export interface RedshiftWarehouseArgs {
  readonly environment: Environment;
  /** Its first three subnets are Redshift's; they are private. */
  readonly network: Network;
  /** Whose lake bucket has the files that it is to COPY. */
  readonly storage: Storage;
}

/** What Redshift tells CloudWatch of: who connected, what was asked, what changed about users. */
const logs = ["userlog", "connectionlog", "useractivitylog"] as const;

/**
 * Redshift Serverless for published tables: reached by the Data API alone, bounded by RPU-hours a day.
 *
 * Idle it costs 0.40 USD a month, the secret of its administrator; RPUs are paid while something is asked, storage and
 * snapshots by the gigabyte.
 */
export class RedshiftWarehouse extends pulumi.ComponentResource implements Redshift {
  readonly workgroupName: pulumi.Output<string>;
  readonly workgroupArn: pulumi.Output<string>;
  readonly database = redshiftNames.database;
  readonly copyRoleArn: pulumi.Output<string>;

  constructor(name: string, args: RedshiftWarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:redshift:RedshiftWarehouse", name, {}, opts);
    const { environment, network, storage } = args;
    const { config, prefix } = environment;
    const parent = { parent: this };
    const copy = this.#copyRole(name, environment, storage);
    // Redshift would make them itself, and keep what is in them for ever.
    const groups = logs.map(
      (log) =>
        new LogGroup(
          `${name}-${log}`,
          { environment, groupName: `/aws/redshift/${prefix}/${log}` },
          parent,
        ),
    );
    // The provider takes no last snapshot when it goes: those of each day outlive it, for as long as they are kept.
    const namespace = new aws.redshiftserverless.Namespace(
      name,
      {
        namespaceName: prefix,
        dbName: redshiftNames.database,
        adminUsername: "quarry_admin",
        // Made and changed by Redshift, in a secret of its own.
        manageAdminPassword: true,
        iamRoles: [copy.arn],
        logExports: [...logs],
      },
      { ...parent, ...guarded(environment), dependsOn: [copy.policy, ...groups] },
    );
    const workgroup = new aws.redshiftserverless.Workgroup(
      `${name}-workgroup`,
      {
        workgroupName: prefix,
        namespaceName: namespace.namespaceName,
        baseCapacity: config.redshift.baseCapacity,
        // It wants three zones; a fourth of the network changes nothing here.
        subnetIds: network.subnetIds.apply((ids) => ids.slice(0, 3)),
        securityGroupIds: [this.#closedGroup(name, network)],
        enhancedVpcRouting: true,
        publiclyAccessible: false,
        configParameters,
      },
      parent,
    );
    const limit = new aws.redshiftserverless.UsageLimit(
      `${name}-limit`,
      {
        resourceArn: workgroup.arn,
        usageType: "serverless-compute",
        period: "daily",
        amount: config.redshift.usageHoursPerDay,
        breachAction: "deactivate",
      },
      parent,
    );
    this.#snapshots(name, environment, namespace);
    // One after the other, and none before what bounds their cost.
    let before: pulumi.Resource = limit;
    for (const { name: migration, sql } of migrations()) {
      before = new aws.redshiftdata.Statement(
        `${name}-${migration}`,
        {
          workgroupName: workgroup.workgroupName,
          database: redshiftNames.database,
          secretArn: namespace.adminPasswordSecretArn,
          statementName: migration,
          sql,
        },
        { ...parent, dependsOn: [before] },
      );
    }
    this.workgroupName = workgroup.workgroupName;
    this.workgroupArn = workgroup.arn;
    this.copyRoleArn = copy.arn;
    this.registerOutputs({ workgroupName: this.workgroupName });
  }

  /** What Redshift itself acts as: it reads what the publishing job puts into one folder, and writes nothing anywhere. */
  #copyRole(name: string, environment: Environment, { lake }: Storage): Workload {
    return new Workload(
      `${name}-copy`,
      {
        environment,
        service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"],
        statements: [
          {
            actions: ["s3:GetObject"],
            resources: [pulumi.interpolate`${lake.arn}/${lakeFolders.copy}/*`],
          },
          {
            actions: ["s3:ListBucket"],
            resources: [lake.arn],
            condition: { StringLike: { "s3:prefix": [`${lakeFolders.copy}/*`] } },
          },
          { actions: ["s3:GetBucketLocation"], resources: [lake.arn] },
        ],
      },
      { parent: this },
    );
  }

  /** Nobody reaches it: the Data API needs no way through the network. It reaches S3, for COPY. */
  #closedGroup(name: string, { vpcId }: Network): pulumi.Output<string> {
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId, description: "Redshift: nobody reaches it" },
      { parent: this },
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-egress`,
      {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
        description: "Files of S3",
      },
      { parent: this },
    );
    return group.id;
  }

  /** A snapshot each day, for as many days as the configuration says. */
  #snapshots(
    name: string,
    environment: Environment,
    namespace: aws.redshiftserverless.Namespace,
  ): void {
    const { config, prefix, accountId } = environment;
    const role = new Workload(
      `${name}-snapshots`,
      {
        environment,
        service: "scheduler.amazonaws.com",
        statements: [
          {
            actions: ["redshift-serverless:CreateSnapshot"],
            // Of this namespace; what is made has no name yet.
            resources: [
              namespace.arn,
              pulumi.interpolate`arn:aws:redshift-serverless:${config.region}:${accountId}:snapshot/*`,
            ],
          },
        ],
      },
      { parent: this },
    );
    new aws.scheduler.Schedule(
      `${name}-snapshot`,
      {
        scheduleExpression: "cron(0 2 * * ? *)",
        scheduleExpressionTimezone: "America/New_York",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: "arn:aws:scheduler:::aws-sdk:redshiftserverless:createSnapshot",
          roleArn: role.arn,
          input: pulumi.jsonStringify({
            NamespaceName: namespace.namespaceName,
            // Another each day: Scheduler puts it in.
            SnapshotName: `${prefix}-<aws.scheduler.execution-id>`,
            RetentionPeriod: config.redshift.snapshotDays,
          }),
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        },
      },
      { parent: this, dependsOn: [role.policy] },
    );
  }
}
