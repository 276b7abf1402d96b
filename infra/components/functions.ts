import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import type { Destinations } from "../destinations.ts";
import { jobEnvironment } from "../job-environment.ts";
import { jobStatements } from "../job-statements.ts";
import type { Warehouse } from "./clickhouse.ts";
import { DeadLetters } from "./dead-letters.ts";
import { keysOf, type Environment } from "./environment.ts";
import type { JobImage } from "./job-image.ts";
import { LogGroup } from "./log-group.ts";
import type { Network } from "./network.ts";
import type { Storage } from "./storage.ts";
import { Workload } from "./workload.ts";

export interface FunctionsArgs {
  readonly environment: Environment;
  readonly network: Network;
  readonly storage: Storage;
  readonly image: JobImage;
  readonly warehouse: Warehouse;
  readonly destinations: Destinations;
  /** The catalogue's jobs that run on Lambda, by name. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
}

/** A Lambda ends after so long, whatever the job. */
const longestSeconds = 900;

/** Light daily work and the inbox on Lambda: the same image, a function a job. */
export class Functions extends pulumi.ComponentResource {
  /** By job. */
  readonly byJob: Readonly<Record<string, aws.lambda.Function>>;
  readonly deadLetters: DeadLetters;

  constructor(name: string, args: FunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:functions:Functions", name, {}, opts);
    this.deadLetters = new DeadLetters(`${name}-dead`, { parent: this });
    this.byJob = Object.fromEntries(
      Object.entries(args.jobs).map(([job, spec]) => [job, this.#function(job, spec, args)]),
    );
    this.registerOutputs({});
  }

  #function(job: string, spec: JobSpec, args: FunctionsArgs): aws.lambda.Function {
    const { environment, network, storage, image, warehouse, destinations } = args;
    const { config, accountId } = environment;
    const logs = new LogGroup(
      `${job}-function-logs`,
      { environment, ofJobs: true },
      { parent: this },
    );
    // Without a gateway a function in the network has no way out, so it runs outside of it.
    const inside = !network.publicTasks;
    const certificate = warehouse.certificateParameter;
    const keys = keysOf(spec, environment);
    const role = new Workload(
      `${job}-function`,
      {
        environment,
        service: "lambda.amazonaws.com",
        statements: [
          ...jobStatements(spec, environment, storage, destinations),
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${logs.arn}:*`],
          },
          { actions: ["sqs:SendMessage"], resources: [this.deadLetters.arn] },
          ...(spec.clickhouse === true
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
          ...(spec.clickhouse === true && certificate !== undefined
            ? [
                {
                  actions: ["ssm:GetParameter"],
                  resources: [
                    pulumi.interpolate`arn:aws:ssm:${config.region}:${accountId}:parameter${certificate}`,
                  ],
                },
              ]
            : []),
          ...(inside
            ? [
                {
                  // Lambda asks for these on any interface.
                  actions: [
                    "ec2:CreateNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSubnets",
                    "ec2:DeleteNetworkInterface",
                  ],
                  resources: ["*"],
                },
              ]
            : []),
        ],
      },
      { parent: this },
    );
    return new aws.lambda.Function(
      job,
      {
        packageType: "Image",
        imageUri: image.uri,
        architectures: [config.architecture],
        imageConfig: { commands: ["lambda"] },
        role: role.arn,
        memorySize: spec.memoryMiB,
        timeout: Math.min(longestSeconds, spec.timeoutSeconds),
        ephemeralStorage: { size: 4096 },
        ...(config.reservedConcurrency !== undefined && {
          reservedConcurrentExecutions: config.reservedConcurrency,
        }),
        environment: {
          variables: {
            ...jobEnvironment(spec, environment, storage, warehouse, destinations),
            // References: the values are read when it starts.
            ...Object.fromEntries(keys.map(({ variable, arn }) => [`${variable}_SECRET`, arn])),
            ...(spec.clickhouse === true && {
              CLICKHOUSE_PASSWORD_SECRET: warehouse.passwordArn,
              ...(certificate !== undefined && { CLICKHOUSE_CERTIFICATE_PARAMETER: certificate }),
            }),
          },
        },
        deadLetterConfig: { targetArn: this.deadLetters.arn },
        loggingConfig: { logFormat: "JSON", logGroup: logs.groupName },
        ...(inside && {
          vpcConfig: {
            subnetIds: network.subnetIds,
            securityGroupIds: [network.jobGroup, network.clickhouseClientGroup],
          },
        }),
      },
      { parent: this, dependsOn: [role.policy] },
    );
  }
}
