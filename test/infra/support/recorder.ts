import * as pulumi from "@pulumi/pulumi";
import { jobs as catalogue, type JobSpec } from "../../../shared/catalogue.ts";
import type { StackConfig } from "../../../infra/config.ts";
import type { Resource } from "../../../infra/policy/resource.ts";
import { defineStack } from "../../../infra/stack.ts";

/** A resource as the program asked for it. */
export interface Recorded extends Resource {
  readonly id: string;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** What its children are changed by, wherever they are made. */
  readonly transforms: readonly pulumi.ResourceTransform[];
}

/** What the engine is told beside the inputs, as it is on the wire. */
interface Request {
  getType(): string;
  getName(): string;
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getIgnorechangesList(): string[];
}

/** A stack that was defined: its resources in order, and its outputs. */
export interface RecordedStack {
  readonly resources: readonly Recorded[];
  readonly outputs: Readonly<Record<string, unknown>>;
  of(type: string): Recorded[];
  one(type: string, name: string): Recorded;
}

const accountId = "123456789012";

/** What a resource says of itself once it is made; names with a mark of their own, so that no two are taken for each other. */
export function stateOf(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const named = (inputs["name"] ??
    inputs["bucket"] ??
    inputs["namePrefix"] ??
    inputs["workgroupName"] ??
    inputs["namespaceName"] ??
    `${name}-0a1b2c3`) as string;
  const [, service = "", kind = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  const arn = `arn:aws:${service}:us-east-1:${accountId}:${kind}/${named}`;
  const state: Record<string, unknown> = { ...inputs, arn, name: named };
  if (type === "aws:s3/bucket:Bucket")
    Object.assign(state, { bucket: named, arn: `arn:aws:s3:::${named}` });
  if (type === "aws:ec2/eip:Eip")
    Object.assign(state, { allocationId: `eipalloc-${name}`, publicIp: "203.0.113.7" });
  if (type === "aws:sqs/queue:Queue") state["url"] = `https://sqs/${named}`;
  if (type === "aws:ecr/repository:Repository")
    state["repositoryUrl"] = `${accountId}.dkr.ecr/${named}`;
  if (type === "aws:batch/jobDefinition:JobDefinition") state["arnPrefix"] = arn;
  if (type === "aws:ec2/instance:Instance") state["privateIp"] = "10.42.0.10";
  if (type === "aws:route53/zone:Zone") state["zoneId"] = "Z1";
  if (type === "aws:iam/role:Role") state["arn"] = `arn:aws:iam::${accountId}:role/${named}`;
  if (type === "aws:s3tables/tableBucket:TableBucket")
    state["arn"] = `arn:aws:s3tables:us-east-1:${accountId}:bucket/${named}`;
  if (type === "aws:redshiftserverless/workgroup:Workgroup")
    state["arn"] = `arn:aws:redshift-serverless:us-east-1:${accountId}:workgroup/${named}`;
  if (type === "aws:redshiftserverless/namespace:Namespace") {
    state["arn"] = `arn:aws:redshift-serverless:us-east-1:${accountId}:namespace/${named}`;
    state["adminPasswordSecretArn"] =
      `arn:aws:secretsmanager:us-east-1:${accountId}:secret:redshift!${named}`;
  }
  // A resource of Lake Formation is called by what it registers.
  if (type === "aws:lakeformation/resource:Resource") state["arn"] = inputs["arn"];
  if (type === "awsx:ecr:Image")
    state["imageUri"] = `${accountId}.dkr.ecr/quarry@sha256:${"b".repeat(64)}`;
  if (type === "awsx:ec2:Vpc") {
    const zones = (inputs["availabilityZoneNames"] as string[]).length;
    const ids = (kind_: string) =>
      Array.from({ length: zones }, (_, at) => `subnet-${kind_}-${at}`);
    Object.assign(state, {
      vpcId: `vpc-${name}`,
      publicSubnetIds: ids("public"),
      privateSubnetIds: ids("private"),
      routeTables: [],
    });
  }
  return state;
}

/** Answers of AWS that the program asks for; a question that nobody foresaw is a mistake. */
export function answerOf({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId };
    case "aws:ssm/getParameter:getParameter":
      return { value: "ami-0123456789abcdef0" };
    case "aws:secretsmanager/getSecret:getSecret":
      return {
        arn: `arn:aws:secretsmanager:us-east-1:${accountId}:secret:${String((inputs as Record<string, unknown>)["name"])}`,
      };
    case "aws:lakeformation/getDataLakeSettings:getDataLakeSettings":
      return { createDatabaseDefaultPermissions: [], createTableDefaultPermissions: [] };
    default:
      throw new Error(`The program asked ${token}, which nobody answers.`);
  }
}

/** Values that are marked as secret stand in a box on the wire. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const all = value as Record<string, unknown>;
  if ("4dabf18193072939515e22adb298388d" in all && "value" in all) return plain(all["value"]);
  return Object.fromEntries(Object.entries(all).map(([key, one]) => [key, plain(one)]));
}

/** Mocks are told of inputs alone: what else a request says is heard on its way to them. */
function listenTo(requests: Map<string, Request>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, ...rest: unknown[]): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    requests.set(`${request.getType()} ${request.getName()}`, request);
    return register(request, ...rest);
  };
}

/** Defines a stack against Pulumi's own runtime with a recorder in the place of the engine. */
export async function record(
  config: StackConfig,
  jobs: Readonly<Record<string, JobSpec>> = catalogue,
): Promise<RecordedStack> {
  const resources: Recorded[] = [];
  const requests = new Map<string, Request>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, transforms }) => {
        const request = requests.get(`${type} ${name}`);
        const id = `${name}-id`;
        resources.push({
          type,
          name,
          id,
          inputs: plain(inputs) as Recorded["inputs"],
          protect: request?.getProtect() ?? false,
          retainOnDelete: request?.getRetainondelete() ?? false,
          deleteBeforeReplace: request?.getDeletebeforereplace() ?? false,
          ignoreChanges: request?.getIgnorechangesList() ?? [],
          transforms: transforms ?? [],
        });
        return { id, state: stateOf(type, name, inputs as Record<string, unknown>) };
      },
      call: answerOf,
    },
    "quarry",
    config.environment,
  );
  listenTo(requests);
  let outputs: Record<string, unknown> = {};
  await pulumi.runtime.runInPulumiStack(() => {
    const defined = defineStack(config, jobs);
    pulumi.output(defined).apply((values) => {
      outputs = values;
    });
    return Promise.resolve(defined);
  });
  await pulumi.runtime.disconnect();
  return {
    resources,
    outputs,
    of: (type) => resources.filter((resource) => resource.type === type),
    one: (type, name) => {
      const found = resources.filter((one) => one.type === type && one.name === name);
      if (found.length !== 1) throw new Error(`Expected one ${type} ${name}, got ${found.length}.`);
      return found[0]!;
    },
  };
}
