import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import { researchMachine } from "../research-machine.ts";
import type { Compute } from "./compute.ts";
import type { Environment } from "./environment.ts";
import { LogGroup } from "./log-group.ts";
import { Workload } from "./workload.ts";

export interface ResearchRunArgs {
  readonly environment: Environment;
  readonly compute: Compute;
  /** Topic that hears of a failure. */
  readonly topicArn: pulumi.Input<string>;
  /** All jobs of the catalogue, by name: those with a schedule that ask a vendor are the ones that ingest. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
}

/** The daily research run: ingest, compute, evaluate on Batch, driven by Step Functions. */
export class ResearchRun extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ResearchRunArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:research:ResearchRun", name, {}, opts);
    const { environment, compute, topicArn, jobs } = args;
    const { config, prefix, accountId } = environment;
    const parent = { parent: this };
    const logs = new LogGroup(`${name}-logs`, { environment }, parent);
    const coordinator = compute.definitionArns["coordinator"]!;
    const role = new Workload(
      `${name}-machine`,
      {
        environment,
        service: "states.amazonaws.com",
        statements: [
          {
            actions: ["batch:SubmitJob", "batch:TagResource"],
            resources: [
              compute.loaderQueueArn,
              coordinator,
              pulumi.interpolate`${coordinator}:*`,
              pulumi.interpolate`arn:aws:batch:${config.region}:${accountId}:job/*`,
            ],
          },
          {
            actions: ["batch:TerminateJob"],
            resources: [pulumi.interpolate`arn:aws:batch:${config.region}:${accountId}:job/*`],
          },
          { actions: ["batch:DescribeJobs"], resources: ["*"] },
          // What .sync listens by.
          {
            actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            resources: [
              pulumi.interpolate`arn:aws:events:${config.region}:${accountId}:rule/StepFunctionsGetEventsForBatchJobsRule`,
            ],
          },
          { actions: ["sns:Publish"], resources: [topicArn] },
          // Log deliveries have no resources of their own.
          {
            actions: [
              "logs:CreateLogDelivery",
              "logs:GetLogDelivery",
              "logs:UpdateLogDelivery",
              "logs:DeleteLogDelivery",
              "logs:ListLogDeliveries",
              "logs:PutResourcePolicy",
              "logs:DescribeResourcePolicies",
              "logs:DescribeLogGroups",
            ],
            resources: ["*"],
          },
        ],
      },
      parent,
    );
    const ingest = Object.values(jobs).flatMap(({ schedule, vendor }) =>
      schedule !== undefined && vendor === true ? [schedule.input] : [],
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        name: `${prefix}-research`,
        type: "STANDARD",
        roleArn: role.arn,
        definition: pulumi
          .all([compute.loaderQueueArn, coordinator, topicArn])
          .apply(([queueArn, coordinatorArn, topic]) =>
            JSON.stringify(
              researchMachine({
                environment: config.environment,
                queueArn,
                coordinatorArn,
                topicArn: topic,
                ingest,
              }),
            ),
          ),
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${logs.arn}:*`,
        },
      },
      { ...parent, dependsOn: [role.policy] },
    );
    this.arn = machine.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
