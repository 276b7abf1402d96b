import type { StackConfig } from "../config.ts";
import * as pulumi from "@pulumi/pulumi";

/** What every component is told of where it is. */
export interface Environment {
  readonly config: StackConfig;
  /** What all names begin with. */
  readonly prefix: string;
  readonly accountId: pulumi.Input<string>;
}

/** Options of what holds data: protected, unless the stack is being taken down. */
export function guarded({ config }: Environment): pulumi.CustomResourceOptions {
  return { protect: config.protect && !config.teardown };
}
