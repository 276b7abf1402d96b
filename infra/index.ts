import * as pulumi from "@pulumi/pulumi";
import { jobs } from "../shared/catalogue.ts";
import { BadConfig, readStackConfig } from "./config.ts";
import { pinnedOf, refuseMoves, type Pinned } from "./pinned.ts";
import { defineStack } from "./stack.ts";

const get = (key: string): string | undefined => {
  const [namespace, name] = key.split(":") as [string, string];
  return new pulumi.Config(namespace).get(name);
};

/** What this very stack said of itself when it was deployed last. */
async function before(): Promise<Pinned | undefined> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const own = new pulumi.StackReference(name);
  return (await own.getOutputDetails("pinned")).value as Pinned | undefined;
}

/** The program that `pulumi up` runs: reads and checks the configuration, and defines the stack. */
async function main() {
  try {
    const config = readStackConfig({ stack: pulumi.getStack(), get }, jobs);
    refuseMoves(config, await before());
    return { ...defineStack(config, jobs), pinned: pinnedOf(config) };
  } catch (thrown) {
    // The user's to mend: one line, no stack.
    if (thrown instanceof BadConfig) throw new pulumi.RunError(thrown.message);
    throw thrown;
  }
}

/** What the stack tells: `pulumi stack output`. */
export const {
  egressAddresses,
  clickhouseUrl,
  queues,
  buckets,
  stateMachine,
  lake,
  redshift,
  bedrockBatchRole,
  idleCostUsdPerMonth,
  pinned,
} = await main();
