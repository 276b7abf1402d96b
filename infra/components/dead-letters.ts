import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What nobody could deal with, kept for two weeks: whoever is called looks here. */
export class DeadLetters extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly queueName: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:queues:DeadLetters", name, {}, opts);
    const queue = new aws.sqs.Queue(
      name,
      { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true },
      { parent: this },
    );
    this.arn = queue.arn;
    this.queueName = queue.name;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn });
  }
}
