import { whyNoFargate } from "../fargate.ts";
import type { Rule } from "./resource.ts";

/** The one container of a definition of ECS properties. */
interface Container {
  readonly image?: string;
  readonly stopTimeout?: number;
  readonly readonlyRootFilesystem?: boolean;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly resourceRequirements?: readonly { readonly type: string; readonly value: string }[];
}

function containersOf(inputs: Readonly<Record<string, unknown>>): readonly Container[] {
  const text = inputs["ecsProperties"];
  if (typeof text !== "string") return [];
  const { taskProperties } = JSON.parse(text) as {
    taskProperties: readonly { readonly containers: readonly Container[] }[];
  };
  return taskProperties.flatMap(({ containers }) => containers);
}

const definition = "aws:batch/jobDefinition:JobDefinition";
const fn = "aws:lambda/function:Function";
const digest = /@sha256:[0-9a-f]{64}$/;

/** A variable whose value would be secret, and is no reference to one. */
/** Tokens a minute are a budget, and no secret. */
const secretName = /(PASSWORD|TOKEN(?!S_PER)|API_KEY|SECRET|PRIVATE)/;
const reference = /^arn:aws|^\/quarry\//;

/** What runs. */
export const jobRules: readonly Rule[] = [
  {
    name: "pinned-digest",
    promise: "An image is named by its digest.",
    check({ type, inputs }) {
      const images =
        type === fn
          ? [String(inputs["imageUri"])]
          : containersOf(inputs).map(({ image }) => String(image));
      return images.filter((image) => !digest.test(image)).map((image) => `${image} is no digest`);
    },
  },
  {
    name: "timeout-and-retry",
    promise:
      "A job has a time limit, and is tried again for what the platform did alone: EXIT on * comes last.",
    check({ type, inputs }) {
      if (type !== definition) return [];
      const found: string[] = [];
      const { attemptDurationSeconds = 0 } = (inputs["timeout"] ?? {}) as {
        attemptDurationSeconds?: number;
      };
      if (attemptDurationSeconds < 60) found.push("it has no time limit");
      const { evaluateOnExits = [] } = (inputs["retryStrategy"] ?? {}) as {
        evaluateOnExits?: readonly { onReason?: string; action?: string }[];
      };
      const last = evaluateOnExits.at(-1);
      if (last?.onReason !== "*" || last.action !== "EXIT")
        found.push("its last condition is not EXIT on *");
      if (evaluateOnExits.length > 5) found.push("Batch takes five conditions");
      return found;
    },
  },
  {
    name: "stops-in-time",
    promise:
      "A task has two minutes to end what is under way, and a root file system that nobody writes to.",
    check({ inputs }) {
      return containersOf(inputs).flatMap(({ stopTimeout, readonlyRootFilesystem }) => [
        ...(stopTimeout === 120 ? [] : ["stopTimeout is not 120"]),
        ...(readonlyRootFilesystem === true ? [] : ["its root file system can be written to"]),
      ]);
    },
  },
  {
    name: "fargate-size",
    promise: "A task has a size that Fargate has.",
    check({ inputs }) {
      return containersOf(inputs).flatMap(({ resourceRequirements = [] }) => {
        const of = (type: string): number =>
          Number(resourceRequirements.find((one) => one.type === type)?.value);
        return whyNoFargate(of("VCPU"), of("MEMORY")) ?? [];
      });
    },
  },
  {
    name: "keeps-revisions",
    promise: "Earlier revisions of a definition stay: jobs that were ordered with them still run.",
    check({ type, inputs }) {
      if (type !== definition) return [];
      return inputs["deregisterOnNewRevision"] === false
        ? []
        : ["deregisterOnNewRevision is not false"];
    },
  },
  {
    name: "no-secret-in-environment",
    promise: "No secret stands in an environment: references do.",
    check({ type, inputs }) {
      const variables = containersOf(inputs).flatMap(({ environment = [] }) =>
        environment.map(({ name, value }) => [name, value] as const),
      );
      if (type === fn) {
        const { variables: own = {} } = (inputs["environment"] ?? {}) as {
          variables?: Record<string, string>;
        };
        variables.push(...Object.entries(own));
      }
      return variables
        .filter(([name, value]) => secretName.test(name) && !reference.test(value))
        .map(([name]) => `${name} stands in its environment`);
    },
  },
  {
    name: "queue-with-policy",
    promise: "A queue has a scheduling policy, and cancels only what can never start.",
    check({ type, inputs }) {
      if (type !== "aws:batch/jobQueue:JobQueue") return [];
      const actions = (inputs["jobStateTimeLimitActions"] ?? []) as { reason: string }[];
      return [
        ...(inputs["schedulingPolicyArn"] === undefined ? ["it has no scheduling policy"] : []),
        ...actions
          .filter(({ reason }) => !/^(MISCONFIGURATION|CAPACITY):/.test(reason))
          .map(({ reason }) => `it cancels what waits (${reason})`),
      ];
    },
  },
  {
    name: "schedule-targets",
    promise:
      "A schedule starts a function, a state machine, an instance at its hours, or a snapshot of Redshift.",
    check({ type, inputs }) {
      if (type !== "aws:scheduler/schedule:Schedule") return [];
      const { arn = "" } = inputs["target"] as { arn?: string };
      const known =
        /:(lambda|sfn|states):|aws-sdk:(ec2:(start|stop)Instances|redshiftserverless:createSnapshot)$/;
      return known.test(arn) ? [] : [`it starts ${arn}`];
    },
  },
];
