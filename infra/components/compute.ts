import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import type { Destinations } from "../destinations.ts";
import { jobEnvironment } from "../job-environment.ts";
import { jobStatements } from "../job-statements.ts";
import { markOf } from "../names.ts";
import { roleTagsOf } from "../publish-statements.ts";
import type { Statement } from "../statements.ts";
import type { Warehouse } from "./clickhouse.ts";
import { keysOf, type Environment } from "./environment.ts";
import type { JobImage } from "./job-image.ts";
import { LogGroup } from "./log-group.ts";
import type { Network } from "./network.ts";
import type { Storage } from "./storage.ts";
import { Workload } from "./workload.ts";

export interface ComputeArgs {
  readonly environment: Environment;
  readonly network: Network;
  readonly storage: Storage;
  readonly image: JobImage;
  readonly warehouse: Warehouse;
  readonly destinations: Destinations;
  /** The catalogue's jobs that run on Batch, by name. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
}

/** What Batch tries again by itself: what its platform ended. Without the last entry it would try all again. */
const retryStrategy = {
  attempts: 3,
  evaluateOnExits: [
    { onStatusReason: "Your Spot Task was interrupted*", action: "RETRY" },
    { onStatusReason: "Host EC2*", action: "RETRY" },
    { onStatusReason: "Task failed to start*", action: "RETRY" },
    { onReason: "*", action: "EXIT" },
  ],
};

/** Cancelled is what can never start; whatever waits for a slot or its turn waits. */
const hopeless = [
  "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
  "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
  "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
].map((reason) => ({ reason, state: "RUNNABLE", action: "CANCEL", maxTimeSeconds: 3600 }));

/** AWS Batch on Fargate: a queue of Spot capacity, one on demand, and a definition for each job of the catalogue. */
export class Compute extends pulumi.ComponentResource {
  readonly spotQueueArn: pulumi.Output<string>;
  readonly onDemandQueueArn: pulumi.Output<string>;
  /** Of jobs that open ClickHouse: theirs alone are in its clients' security group. */
  readonly loaderQueueArn: pulumi.Output<string>;
  /** By job. */
  readonly definitionArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** What each job's own code acts as, by job. */
  readonly roleArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:compute:Compute", name, {}, opts);
    const { environment, jobs } = args;
    const policy = new aws.batch.SchedulingPolicy(
      `${name}-fair-share`,
      { fairSharePolicy: { computeReservation: 0, shareDecaySeconds: 3600 } },
      { parent: this },
    );
    const { jobGroup, clickhouseClientGroup } = args.network;
    const groups = [jobGroup];
    this.spotQueueArn = this.#queue("spot", "FARGATE_SPOT", groups, args, policy);
    this.onDemandQueueArn = this.#queue("on-demand", "FARGATE", groups, args, policy);
    const loaders = [jobGroup, clickhouseClientGroup];
    this.loaderQueueArn = this.#queue("loader", "FARGATE", loaders, args, policy);
    const logs = new LogGroup(`${name}-logs`, { environment, ofJobs: true }, { parent: this });
    const made = Object.entries(jobs).map(
      ([job, spec]) => [job, this.#definition(job, spec, args, logs)] as const,
    );
    this.definitionArns = Object.fromEntries(made.map(([job, { arn }]) => [job, arn]));
    this.roleArns = Object.fromEntries(made.map(([job, { roleArn }]) => [job, roleArn]));
    this.registerOutputs({
      spotQueueArn: this.spotQueueArn,
      onDemandQueueArn: this.onDemandQueueArn,
    });
  }

  #queue(
    role: "spot" | "on-demand" | "loader",
    type: "FARGATE" | "FARGATE_SPOT",
    securityGroupIds: pulumi.Output<string>[],
    { environment, network }: ComputeArgs,
    policy: aws.batch.SchedulingPolicy,
  ): pulumi.Output<string> {
    const { config, prefix } = environment;
    const { maxVcpus } = config.compute;
    // What can't be changed in place is in the name: another one is made, the queue goes over to it, and the old one goes.
    const mark = markOf([type, config.network, config.region, securityGroupIds.length]);
    const computeEnvironment = new aws.batch.ComputeEnvironment(
      `compute-${role}-${mark}`,
      {
        namePrefix: `${prefix}-${role}-${mark}-`,
        type: "MANAGED",
        state: "ENABLED",
        computeResources: {
          type,
          maxVcpus,
          subnets: network.subnetIds,
          securityGroupIds,
        },
      },
      { parent: this },
    );
    const queue = new aws.batch.JobQueue(
      `compute-${role}`,
      {
        name: `${prefix}-${role}`,
        state: "ENABLED",
        priority: 1,
        schedulingPolicyArn: policy.arn,
        computeEnvironmentOrders: [{ order: 1, computeEnvironment: computeEnvironment.arn }],
        jobStateTimeLimitActions: hopeless,
      },
      // Its name is what the deployment document is read by, so there can't be two of it.
      { parent: this, deleteBeforeReplace: true },
    );
    return queue.arn;
  }

  #definition(
    job: string,
    spec: JobSpec,
    { environment, network, storage, image, warehouse, destinations }: ComputeArgs,
    logs: LogGroup,
  ): { readonly arn: pulumi.Output<string>; readonly roleArn: pulumi.Output<string> } {
    const { config, prefix, accountId } = environment;
    const own = new Workload(
      `${job}-job`,
      {
        environment,
        service: "ecs-tasks.amazonaws.com",
        statements: jobStatements(spec, environment, storage, destinations),
        tags: roleTagsOf(spec, destinations),
      },
      { parent: this },
    );
    const opensWarehouse = spec.clickhouse === true;
    const certificate = pulumi.interpolate`arn:aws:ssm:${config.region}:${accountId}:parameter${warehouse.certificateParameter ?? ""}`;
    const secrets = opensWarehouse
      ? [
          { name: "CLICKHOUSE_PASSWORD", valueFrom: warehouse.passwordArn },
          ...(warehouse.certificateParameter === undefined
            ? []
            : [{ name: "CLICKHOUSE_CERTIFICATE", valueFrom: certificate }]),
        ]
      : [];
    const keys = keysOf(spec, environment);
    const start = new Workload(
      `${job}-start`,
      {
        environment,
        service: "ecs-tasks.amazonaws.com",
        statements: [
          ...pulling(image.repositoryArn ?? repositoryArnOf(config.image)),
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${logs.arn}:*`],
          },
          ...(opensWarehouse
            ? [{ actions: ["secretsmanager:GetSecretValue"], resources: [warehouse.passwordArn] }]
            : []),
          ...(keys.length > 0
            ? [
                {
                  actions: ["secretsmanager:GetSecretValue"],
                  resources: keys.map(({ arn }) => arn),
                },
              ]
            : []),
          ...(opensWarehouse && warehouse.certificateParameter !== undefined
            ? [{ actions: ["ssm:GetParameters"], resources: [certificate] }]
            : []),
        ],
      },
      { parent: this },
    );
    const variables = jobEnvironment(spec, environment, storage, warehouse, destinations);
    const definition = new aws.batch.JobDefinition(
      job,
      {
        name: `${prefix}-${job}`,
        type: "container",
        platformCapabilities: ["FARGATE"],
        propagateTags: true,
        // Jobs that were ordered with an earlier revision still run.
        deregisterOnNewRevision: false,
        schedulingPriority: 1,
        retryStrategy,
        timeout: { attemptDurationSeconds: spec.timeoutSeconds },
        ecsProperties: pulumi.jsonStringify({
          taskProperties: [
            {
              executionRoleArn: start.arn,
              taskRoleArn: own.arn,
              runtimePlatform: {
                operatingSystemFamily: "LINUX",
                cpuArchitecture: config.architecture === "arm64" ? "ARM64" : "X86_64",
              },
              networkConfiguration: {
                assignPublicIp: network.publicTasks ? "ENABLED" : "DISABLED",
              },
              ephemeralStorage: { sizeInGiB: 50 },
              volumes: [{ name: "tmp" }],
              containers: [
                {
                  name: "quarry",
                  image: image.uri,
                  essential: true,
                  readonlyRootFilesystem: true,
                  mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp", readOnly: false }],
                  // SIGTERM first, and two minutes to end what is under way.
                  stopTimeout: 120,
                  resourceRequirements: [
                    { type: "VCPU", value: String(spec.vcpus) },
                    { type: "MEMORY", value: String(spec.memoryMiB) },
                  ],
                  environment: Object.entries(variables).map(([variable, value]) => ({
                    name: variable,
                    value,
                  })),
                  secrets: [
                    ...secrets,
                    ...keys.map(({ variable, arn }) => ({ name: variable, valueFrom: arn })),
                  ],
                  logConfiguration: {
                    logDriver: "awslogs",
                    options: {
                      "awslogs-group": logs.groupName,
                      "awslogs-region": config.region,
                      "awslogs-stream-prefix": job,
                    },
                  },
                },
              ],
            },
          ],
        }),
      },
      { parent: this, dependsOn: [own.policy, start.policy] },
    );
    return { arn: definition.arnPrefix, roleArn: own.arn };
  }
}

/** What pulling takes; nothing for a repository that is none of ECR's. */
function pulling(repository: pulumi.Input<string> | undefined): Statement[] {
  if (repository === undefined) return [];
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      actions: [
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchCheckLayerAvailability",
      ],
      resources: [repository],
    },
  ];
}

/** The repository of an image that was given: its ARN, where it is one of ECR. */
function repositoryArnOf(image: string): string | undefined {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^@]+)@/.exec(image) ?? [];
  return account === undefined
    ? undefined
    : `arn:aws:ecr:${region!}:${account}:repository/${repository!}`;
}
