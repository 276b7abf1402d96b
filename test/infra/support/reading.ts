import { configOf, example, examples } from "./configurations.ts";
import { record, type Recorded, type RecordedStack } from "./recorder.ts";

// What tests ask of a recorded stack.

/** How many there are of each type, components left out. */
export const counted = (resources: readonly Recorded[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { type } of resources) {
    const short = type.replace(/^aws:(\w+)\/\w+:/, "$1.");
    if (!type.startsWith("quarry:")) counts[short] = (counts[short] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort());
};

/** Types by how many more or fewer of them one stack has than another. */
export const difference = (more: RecordedStack, fewer: RecordedStack): Record<string, number> => {
  const [a, b] = [counted(more.resources), counted(fewer.resources)];
  const all = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    all.map((type) => [type, (a[type] ?? 0) - (b[type] ?? 0)] as const).filter(([, n]) => n !== 0),
  );
};

/** `action on resource`, for all that a role of the stack may do. */
export function allowed(stack: RecordedStack, role: string): string[] {
  const { inputs } = stack.one("aws:iam/rolePolicy:RolePolicy", `${role}-policy`);
  const { Statement } = JSON.parse(inputs["policy"] as string) as {
    Statement: { Action: string[]; Resource: string | string[] }[];
  };
  return Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => [Resource].flat().map((on) => `${action} on ${short(on)}`)),
  ).sort();
}

const short = (arn: string): string =>
  arn
    .replace(/^arn:aws:s3:::storage-(\w+)-0a1b2c3/, "$1")
    .replace(/^arn:aws:[\w-]+:us-east-1:123456789012:/, "")
    .replaceAll("-0a1b2c3", "");

const recorded = new Map<string, Promise<RecordedStack>>();

/** The stack of an example, defined once. */
export function exampleStack(name: string): Promise<RecordedStack> {
  const known = recorded.get(name) ?? record(example(name));
  recorded.set(name, known);
  return known;
}

/** The one container of a job on Batch, and its task. */
export const container = (stack: RecordedStack, job: string) => {
  const { inputs } = stack.one("aws:batch/jobDefinition:JobDefinition", job);
  const { taskProperties } = JSON.parse(inputs["ecsProperties"] as string) as {
    taskProperties: [
      {
        networkConfiguration: { assignPublicIp: string };
        runtimePlatform: { cpuArchitecture: string };
        containers: [
          {
            environment: { name: string; value: string }[];
            secrets: { name: string; valueFrom: string }[];
          },
        ];
      },
    ];
  };
  return { task: taskProperties[0], ...taskProperties[0].containers[0] };
};

/** The stack of an example with other values of some keys. */
export const changed = (name: string, values: object): Promise<RecordedStack> =>
  record(configOf(examples[name]![0], { ...examples[name]![1], ...values }));

/** The condition under which a role may do something on something, as `allowed` tells it. */
export function conditionOf(stack: RecordedStack, role: string, line: string): unknown {
  const { inputs } = stack.one("aws:iam/rolePolicy:RolePolicy", `${role}-policy`);
  const { Statement } = JSON.parse(inputs["policy"] as string) as {
    Statement: { Action: string[]; Resource: string | string[]; Condition?: unknown }[];
  };
  const [action, on] = line.split(" on ") as [string, string];
  const found = Statement.find(
    ({ Action, Resource }) =>
      Action.includes(action) && [Resource].flat().some((one) => short(one) === on),
  );
  if (found === undefined) throw new Error(`${role} may not ${line}.`);
  return found.Condition;
}
