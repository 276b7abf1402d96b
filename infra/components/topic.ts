import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";

export interface TopicArgs {
  readonly environment: Environment;
}

/** Where everything that needs a person is told. */
export class Topic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { environment }: TopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:alerts:Topic", name, {}, opts);
    const { email } = environment.config.alerts;
    const topic = new aws.sns.Topic(name, {}, { parent: this });
    const rules = pulumi.interpolate`arn:aws:events:${environment.config.region}:${environment.accountId}:rule/*`;
    new aws.sns.TopicPolicy(
      `${name}-may`,
      {
        arn: topic.arn,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: {
                Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"],
              },
              Action: "sns:Publish",
              Resource: topic.arn,
              Condition: { StringEquals: { "aws:SourceAccount": environment.accountId } },
            },
            {
              // EventBridge tells its rule, and no account.
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sns:Publish",
              Resource: topic.arn,
              Condition: { ArnLike: { "aws:SourceArn": rules } },
            },
          ],
        }),
      },
      { parent: this },
    );
    if (email !== undefined) {
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
