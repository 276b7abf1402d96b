import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";

export interface LogGroupArgs {
  readonly environment: Environment;
}

/** Logs that are kept as long as the configuration says, and no longer. */
export class LogGroup extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: LogGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:logs:LogGroup", name, {}, opts);
    const group = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.environment.config.logRetentionDays },
      { parent: this },
    );
    this.arn = group.arn;
    this.groupName = group.name;
    this.registerOutputs({ arn: this.arn });
  }
}
