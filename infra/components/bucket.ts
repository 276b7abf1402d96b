import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { guarded, type Environment } from "./environment.ts";

export interface BucketArgs {
  readonly environment: Environment;
  /** Rules by prefix; old versions and broken uploads are dealt with everywhere. */
  readonly rules?: aws.types.input.s3.BucketLifecycleConfigurationRule[];
  /** True for what stays when a protected stack goes. */
  readonly keep?: boolean;
  /** Days that a version which was replaced or deleted is kept. */
  readonly oldVersionDays: number;
}

/** A bucket: versioned, encrypted, closed to the public and to plain HTTP, which tells EventBridge what comes. */
export class Bucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:storage:Bucket", name, {}, opts);
    const { environment, rules = [], oldVersionDays, keep = false } = args;
    const { protect, teardown } = environment.config;
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(
      name,
      // Where data is not protected, or no more, a stack goes with what is in its buckets.
      { forceDestroy: !protect || (teardown && !keep) },
      { ...parent, ...guarded(environment), retainOnDelete: protect && keep },
    );
    const of = { bucket: bucket.bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-closed`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-owner`,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versions`,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
            bucketKeyEnabled: true,
          },
        ],
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      `${name}-tls`,
      {
        ...of,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      { ...parent, dependsOn: [closed] },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...of,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          ...rules,
        ],
      },
      { ...parent, dependsOn: [versioning] },
    );
    new aws.s3.BucketNotification(`${name}-events`, { ...of, eventbridge: true }, parent);
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}
