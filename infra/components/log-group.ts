import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";

export interface LogGroupArgs {
  readonly environment: Environment;
  /** Its whole name, where a service writes to a group of that name; one with a random end where it is not said. */
  readonly groupName?: string;
  /** True for logs of jobs: what they load is counted by dataset, as their lines of "loaded" say it. */
  readonly ofJobs?: boolean;
}

/** Where metrics of an environment stand. */
export const metricsOf = (prefix: string): string => `Quarry/${prefix}`;

/** Logs that are kept as long as the configuration says, and no longer. */
export class LogGroup extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: LogGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:logs:LogGroup", name, {}, opts);
    const group = new aws.cloudwatch.LogGroup(
      name,
      {
        ...(args.groupName !== undefined && { name: args.groupName }),
        retentionInDays: args.environment.config.logRetentionDays,
      },
      { parent: this },
    );
    if (args.ofJobs === true) {
      new aws.cloudwatch.LogMetricFilter(
        `${name}-loaded`,
        {
          logGroupName: group.name,
          pattern: '{ $.msg = "loaded" }',
          metricTransformation: {
            namespace: metricsOf(args.environment.prefix),
            name: "RowsLoaded",
            value: "$.rows",
            dimensions: { Dataset: "$.dataset" },
          },
        },
        { parent: this },
      );
    }
    this.arn = group.arn;
    this.groupName = group.name;
    this.registerOutputs({ arn: this.arn });
  }
}
