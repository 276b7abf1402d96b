import type { StackConfig } from "../../../infra/config.ts";
import { rules } from "../../../infra/policy/rules.ts";
import type { RecordedStack } from "./recorder.ts";

/** What of the promises a recorded program breaks, a line each. */
export function brokenPromises(
  { network, environment, teardown }: StackConfig,
  stack: RecordedStack,
): string[] {
  const publicTasks = network.nat === "none" && network.vpcId === undefined;
  const setting = { environment, teardown, publicTasks };
  return stack.resources.flatMap((resource) =>
    rules.flatMap(({ name, check }) =>
      check(resource, setting).map((what) => `${name}: ${resource.type} ${resource.name}: ${what}`),
    ),
  );
}
