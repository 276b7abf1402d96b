import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { Functions } from "./functions.ts";
import type { Storage } from "./storage.ts";

export interface InboxArgs {
  readonly storage: Storage;
  readonly functions: Functions;
  /** The catalogue's jobs that files of the inbox start, by name. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
}

/** Files that are dropped into the inbox start the job that asks for their keys; an event that comes twice does no harm. */
export class Inbox extends pulumi.ComponentResource {
  readonly deadLetters: DeadLetters;

  constructor(name: string, args: InboxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:inbox:Inbox", name, {}, opts);
    const { storage, functions, jobs } = args;
    const parent = { parent: this };
    this.deadLetters = new DeadLetters(`${name}-dead`, parent);
    const rules: pulumi.Output<string>[] = [];
    for (const [job, { inbox }] of Object.entries(jobs)) {
      if (inbox === undefined) continue;
      const { prefix, suffixes = [] } = inbox;
      // Of several entries for one key each may match: prefix and suffix together need a wildcard.
      const keys =
        suffixes.length === 0
          ? [{ prefix }]
          : suffixes.map((suffix) => ({ wildcard: `${prefix}*${suffix}` }));
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${job}`,
        {
          description: `Files of the inbox for ${job}`,
          eventPattern: pulumi.jsonStringify({
            source: ["aws.s3"],
            "detail-type": ["Object Created"],
            detail: { bucket: { name: [storage.inbox.bucketName] }, object: { key: keys } },
          }),
        },
        parent,
      );
      const target = functions.byJob[job]!;
      const permission = new aws.lambda.Permission(
        `${name}-${job}-may`,
        {
          action: "lambda:InvokeFunction",
          function: target.name,
          principal: "events.amazonaws.com",
          sourceArn: rule.arn,
        },
        parent,
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${job}-target`,
        {
          rule: rule.name,
          arn: target.arn,
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 24 * 3600 },
          deadLetterConfig: { arn: this.deadLetters.arn },
        },
        { ...parent, dependsOn: [permission] },
      );
      rules.push(rule.arn);
    }
    new aws.sqs.QueuePolicy(
      `${name}-dead-may`,
      {
        queueUrl: this.deadLetters.url,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: this.deadLetters.arn,
              Condition: { ArnEquals: { "aws:SourceArn": rules } },
            },
          ],
        }),
      },
      parent,
    );
    this.registerOutputs({});
  }
}
