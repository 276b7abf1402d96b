import * as pulumi from "@pulumi/pulumi";

/** One statement of a policy: listed actions on listed resources. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: pulumi.Input<pulumi.Input<string>[]>;
  readonly condition?: pulumi.Input<object>;
}

/** A policy document of statements that allow. */
export function policyOf(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, condition }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition !== undefined && { Condition: condition }),
    })),
  });
}

/**
 * Who may take a role: a service of AWS, or each of some, for resources of this account alone.
 *
 * @param actions how it is taken; some services say besides for whom they take it
 */
export function trustOf(
  service: string | readonly string[],
  accountId: pulumi.Input<string>,
  actions: string | readonly string[] = "sts:AssumeRole",
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: actions,
        Principal: { Service: service },
        // What can't be impersonated from elsewhere: EC2 has no source account.
        ...(service !== "ec2.amazonaws.com" && {
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        }),
      },
    ],
  });
}
