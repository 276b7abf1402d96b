import * as pulumi from "@pulumi/pulumi";
import { jobs } from "../shared/catalogue.ts";
import { BadConfig, readStackConfig } from "./config.ts";
import { defineStack } from "./stack.ts";

/** The program that `pulumi up` runs: reads the configuration, defines the stack, exports its outputs. */
function main(): ReturnType<typeof defineStack> {
  const get = (key: string): string | undefined => {
    const [namespace, name] = key.split(":") as [string, string];
    return new pulumi.Config(namespace).get(name);
  };
  try {
    return defineStack(readStackConfig({ stack: pulumi.getStack(), get }, jobs), jobs);
  } catch (thrown) {
    // The user's to mend: one line, no stack.
    if (thrown instanceof BadConfig) throw new pulumi.RunError(thrown.message);
    throw thrown;
  }
}

export const {
  egressAddresses,
  clickhouseUrl,
  queues,
  buckets,
  stateMachine,
  idleCostUsdPerMonth,
} = main();
