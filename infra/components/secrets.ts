import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";

export interface SecretsArgs {
  readonly environment: Environment;
  /** Names without the prefix. */
  readonly names: readonly string[];
}

/** Secrets, made empty: values come from their owners or from the machine that makes them, and never through here. */
export class Secrets extends pulumi.ComponentResource {
  readonly #arns = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:secrets:Secrets", name, {}, opts);
    const { prefix, config } = args.environment;
    for (const secret of args.names) {
      const made = new aws.secretsmanager.Secret(
        `${name}-${secret}`,
        {
          name: `${prefix}-${secret}`,
          // A name that is being deleted can't be taken again: in dev it is gone at once.
          recoveryWindowInDays: config.protect ? 30 : 0,
        },
        { parent: this },
      );
      this.#arns.set(secret, made.arn);
    }
    this.registerOutputs({});
  }

  /** The ARN of a secret by its name without the prefix. */
  arnOf(secret: string): pulumi.Output<string> {
    const arn = this.#arns.get(secret);
    if (arn === undefined) throw new Error(`No secret ${secret} was made.`);
    return arn;
  }
}
