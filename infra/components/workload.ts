import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyOf, trustOf, type Statement } from "../statements.ts";
import type { Environment } from "./environment.ts";

export interface WorkloadArgs {
  readonly environment: Environment;
  /** Service of AWS that takes the role, as `ecs-tasks.amazonaws.com`; several where one thing is known by several names. */
  readonly service: string | readonly string[];
  /** How it is taken, where `sts:AssumeRole` is not all. */
  readonly trustActions?: readonly string[];
  /** Tags of the role that others go by. */
  readonly tags?: Readonly<Record<string, string>>;
  /** All that it may do. */
  readonly statements: readonly Statement[];
}

/** One workload's identity: a role that may do what is listed, and nothing else. */
export class Workload extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  /** Whoever uses the role waits for what it may do. */
  readonly policy: aws.iam.RolePolicy;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:iam:Workload", name, {}, opts);
    const { accountId, config } = args.environment;
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: trustOf(args.service, accountId, args.trustActions),
        ...(args.tags !== undefined && Object.keys(args.tags).length > 0 && { tags: args.tags }),
        ...(config.permissionsBoundary !== undefined && {
          permissionsBoundary: config.permissionsBoundary,
        }),
      },
      { parent: this },
    );
    this.policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: policyOf(args.statements) },
      { parent: this },
    );
    this.arn = role.arn;
    this.roleName = role.name;
    this.registerOutputs({ arn: this.arn });
  }
}
