import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { userDataOf } from "../clickhouse/user-data.ts";
import { guarded, type Environment } from "./environment.ts";
import { clickhousePort, type Network } from "./network.ts";
import type { Secrets } from "./secrets.ts";
import type { Storage } from "./storage.ts";
import { Workload } from "./workload.ts";

export interface ClickHouseArgs {
  readonly environment: Environment;
  readonly network: Network;
  readonly storage: Storage;
  readonly secrets: Secrets;
}

/** What jobs need to know of the warehouse. */
export interface Warehouse {
  /** Address, https. */
  readonly url: pulumi.Output<string>;
  readonly user: string;
  readonly passwordArn: pulumi.Output<string>;
  /** Name of the parameter that has the authority's certificate; undefined for a public one. */
  readonly certificateParameter: string | undefined;
  /** For a session through SSM; undefined for a server that is not ours. */
  readonly instanceId: pulumi.Output<string> | undefined;
}

/** The users whose passwords the instance makes at its first boot. */
export const clickhouseUsers = ["admin", "writer", "reader"] as const;

/** ClickHouse on an instance of ours: Graviton, its data on a volume that outlives it, reached by TLS and from inside alone. */
export class ClickHouse extends pulumi.ComponentResource implements Warehouse {
  readonly url: pulumi.Output<string>;
  readonly user = "writer";
  readonly passwordArn: pulumi.Output<string>;
  readonly certificateParameter: string;
  readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: ClickHouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:clickhouse:ClickHouse", name, {}, opts);
    const { environment, network, storage, secrets } = args;
    const { config, prefix, accountId } = environment;
    if (config.clickhouse.kind !== "ec2")
      throw new Error("An external ClickHouse is not made here.");
    const { instanceType, volumeGiB, zone, version, stopWhenIdle } = config.clickhouse;
    const parent = { parent: this };
    const availabilityZone = `${config.region}${zone}`;
    this.certificateParameter = `/quarry/${config.environment}/clickhouse-certificate`;

    const volume = new aws.ebs.Volume(
      `${name}-data`,
      {
        availabilityZone,
        size: volumeGiB,
        type: "gp3",
        encrypted: true,
        tags: { Name: `${prefix}-clickhouse`, "quarry:backup": prefix },
      },
      {
        ...parent,
        ...guarded(environment),
        // Destroying a protected stack by force still leaves the data.
        retainOnDelete: config.protect,
      },
    );
    if (config.teardown) {
      // The last copy: it stays when all else goes.
      new aws.ebs.Snapshot(
        `${name}-final`,
        { volumeId: volume.id, description: `The last of ${prefix}` },
        { ...parent, retainOnDelete: true },
      );
    }
    const role = new Workload(
      `${name}-instance`,
      {
        environment,
        service: "ec2.amazonaws.com",
        statements: [
          {
            actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            resources: clickhouseUsers.map((user) => secrets.arnOf(`clickhouse-${user}`)),
          },
          {
            actions: ["ssm:PutParameter"],
            resources: [
              pulumi.interpolate`arn:aws:ssm:${config.region}:${accountId}:parameter${this.certificateParameter}`,
            ],
          },
          {
            actions: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
            resources: [pulumi.interpolate`${storage.work.arn}/backups/*`],
          },
          // The loader's files are read by the server itself.
          {
            actions: ["s3:GetObject"],
            resources: [pulumi.interpolate`${storage.work.arn}/columns/*`],
          },
          {
            actions: ["s3:ListBucket"],
            resources: [storage.work.arn],
            condition: { StringLike: { "s3:prefix": ["backups/*", "columns/*"] } },
          },
          {
            actions: ["cloudwatch:PutMetricData"],
            resources: ["*"],
            condition: { StringEquals: { "cloudwatch:namespace": "Quarry" } },
          },
          // A session in place of a shell: no key, no open port.
          {
            actions: [
              "ssm:UpdateInstanceInformation",
              "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel",
              "ssmmessages:OpenControlChannel",
              "ssmmessages:OpenDataChannel",
            ],
            resources: ["*"],
          },
        ],
      },
      parent,
    );
    const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.roleName }, parent);
    const host = `clickhouse.${prefix}.internal`;
    const zoneOfNames = new aws.route53.Zone(
      `${name}-names`,
      { name: `${prefix}.internal`, vpcs: [{ vpcId: network.vpcId }], forceDestroy: true },
      parent,
    );
    const instance = new aws.ec2.Instance(
      name,
      {
        // Amazon Linux of the day it is made; a newer one never replaces it.
        ami: aws.ssm.getParameterOutput(
          { name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
          parent,
        ).value,
        instanceType,
        availabilityZone,
        subnetId: network.subnetIds.apply((ids) => ids[zone.charCodeAt(0) - 97] ?? ids[0]!),
        vpcSecurityGroupIds: [network.clickhouseGroup],
        associatePublicIpAddress: false,
        iamInstanceProfile: profile.name,
        metadataOptions: {
          httpTokens: "required",
          httpEndpoint: "enabled",
          httpPutResponseHopLimit: 1,
        },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 20 },
        userData: pulumi.all([volume.id, storage.work.bucketName]).apply(([id, bucket]) =>
          userDataOf({
            REGION: config.region,
            PREFIX: prefix,
            HOST: host,
            VERSION: version,
            VOLUME: id,
            BACKUPS: `https://${bucket}.s3.${config.region}.amazonaws.com/backups`,
          }),
        ),
        tags: { Name: `${prefix}-clickhouse` },
      },
      { ...parent, dependsOn: [role.policy], ignoreChanges: ["ami", "userData"] },
    );
    new aws.ec2.VolumeAttachment(
      `${name}-attachment`,
      {
        deviceName: "/dev/sdf",
        instanceId: instance.id,
        volumeId: volume.id,
        stopInstanceBeforeDetaching: true,
      },
      { ...parent, deleteBeforeReplace: true },
    );
    new aws.route53.Record(
      `${name}-name`,
      { zoneId: zoneOfNames.zoneId, name: host, type: "A", ttl: 60, records: [instance.privateIp] },
      parent,
    );
    this.#snapshots(name, environment);
    if (stopWhenIdle) this.#stopAtNight(name, environment, instance);
    this.url = pulumi.output(`https://${host}:${clickhousePort}/default`);
    this.passwordArn = secrets.arnOf("clickhouse-writer");
    this.instanceId = instance.id;
    this.registerOutputs({ url: this.url });
  }

  /** A snapshot of the volume each day, for two weeks. */
  #snapshots(name: string, environment: Environment): void {
    const role = new Workload(
      `${name}-snapshots`,
      {
        environment,
        service: "dlm.amazonaws.com",
        statements: [
          {
            actions: ["ec2:CreateSnapshot", "ec2:DeleteSnapshot", "ec2:CreateTags"],
            resources: ["arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:*:*:volume/*"],
          },
          { actions: ["ec2:DescribeVolumes", "ec2:DescribeSnapshots"], resources: ["*"] },
        ],
      },
      { parent: this },
    );
    new aws.dlm.LifecyclePolicy(
      `${name}-snapshots`,
      {
        description: "ClickHouse data of Quarry each day",
        executionRoleArn: role.arn,
        policyDetails: {
          resourceTypes: ["VOLUME"],
          targetTags: { "quarry:backup": environment.prefix },
          schedules: [
            {
              name: "daily",
              createRule: { interval: 24, intervalUnit: "HOURS", times: "05:00" },
              retainRule: { count: 14 },
              copyTags: true,
            },
          ],
        },
      },
      { parent: this },
    );
  }

  /** Nobody works at night: the instance costs nothing then, its volume does. */
  #stopAtNight(name: string, environment: Environment, instance: aws.ec2.Instance): void {
    const role = new Workload(
      `${name}-hours`,
      {
        environment,
        service: "scheduler.amazonaws.com",
        statements: [
          { actions: ["ec2:StartInstances", "ec2:StopInstances"], resources: [instance.arn] },
        ],
      },
      { parent: this },
    );
    for (const [action, hours] of [
      ["start", "cron(0 7 ? * MON-FRI *)"],
      ["stop", "cron(0 20 ? * * *)"],
    ] as const) {
      new aws.scheduler.Schedule(
        `${name}-${action}`,
        {
          scheduleExpression: hours,
          scheduleExpressionTimezone: "America/New_York",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: `arn:aws:scheduler:::aws-sdk:ec2:${action}Instances`,
            roleArn: role.arn,
            input: pulumi.jsonStringify({ InstanceIds: [instance.id] }),
            retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
          },
        },
        { parent: this, dependsOn: [role.policy] },
      );
    }
  }
}

/** A ClickHouse that is there already: an address, and a secret by its name. */
export function externalClickHouse(
  { environment }: Pick<ClickHouseArgs, "environment">,
  provider: aws.Provider,
): Warehouse {
  const { clickhouse } = environment.config;
  if (clickhouse.kind !== "external") throw new Error("A ClickHouse of our own is not external.");
  return {
    url: pulumi.output(clickhouse.url),
    user: clickhouse.user,
    passwordArn: aws.secretsmanager.getSecretOutput({ name: clickhouse.secret }, { provider }).arn,
    certificateParameter: undefined,
    instanceId: undefined,
  };
}
