import { setTimeout as sleep } from "node:timers/promises";
import { replaceOn } from "./replace-on.ts";

type Values = Readonly<Record<string, unknown>>;

/** A resource that is there. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** What a thing can't be deleted under: things of these types that name it. */
const blockedBy: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpc:Vpc": [
    "aws:ec2/subnet:Subnet",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:ec2/routeTable:RouteTable",
  ],
  "aws:ec2/subnet:Subnet": [
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/instance:Instance",
    "aws:lambda/function:Function",
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    "aws:ec2/instance:Instance",
    "aws:lambda/function:Function",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  "aws:ec2/eip:Eip": ["aws:ec2/natGateway:NatGateway"],
  "aws:batch/computeEnvironment:ComputeEnvironment": ["aws:batch/jobQueue:JobQueue"],
  "aws:batch/schedulingPolicy:SchedulingPolicy": ["aws:batch/jobQueue:JobQueue"],
  "aws:ebs/volume:Volume": ["aws:ec2/volumeAttachment:VolumeAttachment"],
  "aws:redshiftserverless/namespace:Namespace": ["aws:redshiftserverless/workgroup:Workgroup"],
  "aws:s3tables/tableBucket:TableBucket": ["aws:s3tables/namespace:Namespace"],
  "aws:s3tables/namespace:Namespace": ["aws:s3tables/table:Table"],
  "aws:lakeformation/lfTag:LfTag": ["aws:lakeformation/resourceLfTag:ResourceLfTag"],
  "aws:iam/role:Role": ["aws:iam/rolePolicy:RolePolicy", "aws:iam/instanceProfile:InstanceProfile"],
};

/** Types whose names are unique in an account. */
const unique: ReadonlySet<string> = new Set([
  "aws:batch/jobQueue:JobQueue",
  "aws:batch/computeEnvironment:ComputeEnvironment",
  "aws:secretsmanager/secret:Secret",
  "aws:ssm/parameter:Parameter",
  "aws:sfn/stateMachine:StateMachine",
  "aws:iam/role:Role",
  "aws:lambda/function:Function",
  "aws:redshiftserverless/namespace:Namespace",
  "aws:redshiftserverless/workgroup:Workgroup",
  "aws:athena/workgroup:Workgroup",
  "aws:glue/catalog:Catalog",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:lakeformation/lfTag:LfTag",
  "aws:s3tables/tableBucket:TableBucket",
]);

/** What a type's names stand in, where it is no `name`. */
const namedBy: Readonly<Record<string, string>> = {
  "aws:redshiftserverless/namespace:Namespace": "namespaceName",
  "aws:redshiftserverless/workgroup:Workgroup": "workgroupName",
  "aws:lakeformation/lfTag:LfTag": "key",
  "aws:s3tables/namespace:Namespace": "namespace",
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** What the cloud says when it does not do what it is asked. */
export class Refused extends Error {}

/** How long Batch still sees a relation that was given up, and how long the provider waits for it. */
export interface Lags {
  readonly relationMs: number;
  readonly patienceMs: number;
}

/** A cloud in memory that keeps the rules which wedge people. */
export class Cloud {
  readonly things = new Map<string, Thing>();
  /** Objects by bucket. */
  readonly objects = new Map<string, number>();
  /** Types whose next creation fails, once. */
  readonly failing = new Set<string>();
  readonly #lags: Lags;
  /** Relations that were given up a moment ago: id of the one named, and until when it is still seen. */
  readonly #lingering = new Map<string, number>();
  #made = 0;

  constructor(lags: Lags = { relationMs: 300, patienceMs: 3000 }) {
    this.#lags = lags;
  }

  create(type: string, logical: string, inputs: Values): Thing {
    if (replaceOn[type] === undefined) throw new Refused(`nobody knows ${type}`);
    if (this.failing.delete(type)) throw new Refused(`${type}: the service is out of order`);
    const mark = (++this.#made).toString(16).padStart(7, "0");
    const explicit =
      textOf(inputs[namedBy[type] ?? "name"]) ?? textOf(inputs["name"]) ?? textOf(inputs["bucket"]);
    const partOfBucket = type.startsWith("aws:s3/bucket") && type !== "aws:s3/bucket:Bucket";
    const name = partOfBucket
      ? logical
      : (explicit ?? `${textOf(inputs["namePrefix"]) ?? `${logical}-`}${mark}`);
    if (unique.has(type)) {
      const twin = this.#of(type).find(({ outputs }) => outputs["name"] === name);
      if (twin) throw new Refused(`${type} ${name} already exists`);
    }
    this.#checkNew(type, inputs);
    const id =
      type === "aws:s3/bucket:Bucket" ? name : `${type.split(":").at(-1)!.toLowerCase()}-${mark}`;
    const thing = { type, id, inputs, outputs: outputsOf(type, id, name, inputs) };
    this.things.set(id, thing);
    return thing;
  }

  update(id: string, inputs: Values): Thing {
    const before = this.things.get(id);
    if (before === undefined) throw new Refused(`${id} is gone`);
    if (before.type === "aws:batch/jobQueue:JobQueue") this.#linger(before);
    const name = String(before.outputs["name"]);
    const thing = { ...before, inputs, outputs: outputsOf(before.type, id, name, inputs) };
    this.things.set(id, thing);
    return thing;
  }

  async delete(id: string): Promise<void> {
    const thing = this.things.get(id);
    if (thing === undefined) return;
    // The provider asks again for a while, as Batch forgets slowly.
    const until = Date.now() + this.#lags.patienceMs;
    for (;;) {
      const why = this.#whyNot(thing);
      if (why === undefined) break;
      if (Date.now() >= until || !thing.type.startsWith("aws:batch/")) throw new Refused(why);
      await sleep(50);
    }
    if (thing.type === "aws:batch/jobQueue:JobQueue") this.#linger(thing);
    this.things.delete(id);
  }

  #of(type: string): Thing[] {
    return [...this.things.values()].filter((thing) => thing.type === type);
  }

  #checkNew(type: string, inputs: Values): void {
    if (type === "aws:ec2/natGateway:NatGateway") {
      const holder = this.#of(type).find(
        ({ inputs: own }) => own["allocationId"] === inputs["allocationId"],
      );
      if (holder)
        throw new Refused(`Elastic IP ${String(inputs["allocationId"])} is taken by ${holder.id}`);
    }
    if (type === "aws:ec2/volumeAttachment:VolumeAttachment") {
      const zoneOf = (id: unknown): unknown =>
        this.things.get(String(id))?.inputs["availabilityZone"];
      if (zoneOf(inputs["volumeId"]) !== zoneOf(inputs["instanceId"])) {
        throw new Refused("the volume is not in the instance's zone");
      }
      const holder = this.#of(type).find(
        ({ inputs: own }) => own["volumeId"] === inputs["volumeId"],
      );
      if (holder) throw new Refused(`the volume is attached by ${holder.id}`);
    }
  }

  #linger({ inputs }: Thing): void {
    const until = Date.now() + this.#lags.relationMs;
    for (const thing of this.#of("aws:batch/computeEnvironment:ComputeEnvironment")) {
      if (names(inputs, thing)) this.#lingering.set(thing.id, until);
    }
  }

  #whyNot(thing: Thing): string | undefined {
    const blocking = blockedBy[thing.type] ?? [];
    for (const other of this.things.values()) {
      if (!blocking.includes(other.type) || !names(other.inputs, thing)) continue;
      return other.type === "aws:batch/jobQueue:JobQueue"
        ? `found existing JobQueue relationship with ${other.id}`
        : `${thing.id} has a dependent object ${other.id}`;
    }
    if ((this.#lingering.get(thing.id) ?? 0) > Date.now()) {
      return "found existing JobQueue relationship";
    }
    if (thing.type === "aws:s3/bucket:Bucket" && thing.inputs["forceDestroy"] !== true) {
      if ((this.objects.get(thing.id) ?? 0) > 0) return `the bucket ${thing.id} is not empty`;
    }
    return undefined;
  }
}

/** True when inputs name a thing by its id or ARN. */
function names(inputs: Values, { id, outputs }: Thing): boolean {
  const text = JSON.stringify(inputs);
  return (
    text.includes(`"${id}"`) ||
    text.includes(`"${String(outputs["arn"])}"`) ||
    text.includes(`"${String(outputs["name"])}"`)
  );
}

/** What a thing says of itself. */
function outputsOf(type: string, id: string, name: string, inputs: Values): Values {
  const [, service = "", kind = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  const arn = `arn:aws:${service}:us-east-1:123456789012:${kind}/${name}`;
  const outputs: Record<string, unknown> = { ...inputs, arn, name };
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return { ...outputs, bucket: id, arn: `arn:aws:s3:::${id}` };
    case "aws:ec2/eip:Eip":
      return {
        ...outputs,
        allocationId: id,
        publicIp: `203.0.113.${Number.parseInt(id.slice(-2), 16)}`,
      };
    case "aws:sqs/queue:Queue":
      return { ...outputs, url: `https://sqs/${name}` };
    case "aws:ecr/repository:Repository":
      return { ...outputs, repositoryUrl: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}` };
    case "aws:batch/jobDefinition:JobDefinition":
      return { ...outputs, arnPrefix: arn, revision: 1 };
    case "aws:ec2/instance:Instance":
      return { ...outputs, privateIp: "10.42.0.10" };
    case "aws:route53/zone:Zone":
      return { ...outputs, zoneId: id };
    case "aws:iam/role:Role":
      return { ...outputs, arn: `arn:aws:iam::123456789012:role/${name}` };
    case "aws:redshiftserverless/namespace:Namespace":
      return {
        ...outputs,
        adminPasswordSecretArn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:redshift!${name}`,
      };
    // It is called by what it registers.
    case "aws:lakeformation/resource:Resource":
      return { ...outputs, arn: inputs["arn"] };
    default:
      return outputs;
  }
}
