import type { JobSpec, SecretName } from "../../shared/catalogue.ts";
import type { StackConfig } from "../config.ts";
import * as pulumi from "@pulumi/pulumi";

/** What every component is told of where it is. */
export interface Environment {
  readonly config: StackConfig;
  /** What all names begin with. */
  readonly prefix: string;
  readonly accountId: pulumi.Input<string>;
  /** Of vendors' keys, as far as the configuration names secrets that hold them. */
  readonly keyArns: Readonly<Partial<Record<SecretName, pulumi.Input<string>>>>;
}

/** Variables in which jobs look for vendors' keys. */
const keyVariables: Readonly<Record<SecretName, string>> = { "tavily-key": "TAVILY_API_KEY" };

/** The vendors' keys that a job needs and that there are: variable and secret. */
export function keysOf(
  { secrets = [] }: JobSpec,
  { keyArns }: Environment,
): { readonly variable: string; readonly arn: pulumi.Input<string> }[] {
  return secrets.flatMap((name) => {
    const arn = keyArns[name];
    return arn === undefined ? [] : [{ variable: keyVariables[name], arn }];
  });
}

/** Options of what holds data: protected, unless the stack is being taken down. */
export function guarded({ config }: Environment): pulumi.CustomResourceOptions {
  return { protect: config.protect && !config.teardown };
}
