import { listOf, statementsOf, type Rule } from "./resource.ts";

const policies: Readonly<Record<string, string>> = {
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/policy:Policy": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
};

/** Who may do what, and from where. */
export const accessRules: readonly Rule[] = [
  {
    name: "listed-actions",
    promise: "A policy lists its actions: none ends with or is *.",
    check({ type, inputs }) {
      const field = policies[type];
      if (field === undefined) return [];
      return statementsOf(inputs[field])
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => listOf(Action))
        .filter((action) => action.includes("*"))
        .map((action) => `it allows ${action}`);
    },
  },
  {
    name: "listed-resources",
    promise: "Writing actions name their resources, or a condition that bounds them.",
    check({ type, inputs }) {
      if (type !== "aws:iam/rolePolicy:RolePolicy") return [];
      const reading =
        /:(Describe|List|Get)\w*$|^logs:\w+(LogDelivery|ResourcePolicy)$|^ec2:(Create|Delete)NetworkInterface$|^ssm(messages)?:/;
      return statementsOf(inputs["policy"])
        .filter(({ Resource, Condition }) => listOf(Resource).includes("*") && !Condition)
        .flatMap(({ Action }) => listOf(Action))
        .filter((action) => !reading.test(action))
        .map((action) => `it allows ${action} on everything`);
    },
  },
  {
    name: "no-public-bucket",
    promise: "A bucket is closed to the public.",
    check({ type, inputs }) {
      if (type === "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") {
        return ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]
          .filter((field) => inputs[field] !== true)
          .map((field) => `${field} is not true`);
      }
      if (type !== "aws:s3/bucketPolicy:BucketPolicy") return [];
      return statementsOf(inputs["policy"])
        .filter(({ Effect, Principal }) => Effect === "Allow" && Principal === "*")
        .map(() => "it allows everybody");
    },
  },
  {
    name: "public-addresses",
    promise: "Only tasks of a network without a gateway have public addresses.",
    check({ type, inputs }, { publicTasks }) {
      if (type === "aws:ec2/instance:Instance" && inputs["associatePublicIpAddress"] !== false) {
        return ["associatePublicIpAddress is not false"];
      }
      const open = /"assignPublicIp":"ENABLED"/.test(
        JSON.stringify(inputs["ecsProperties"] ?? "").replaceAll("\\", ""),
      );
      return open && !publicTasks ? ["its tasks have public addresses"] : [];
    },
  },
  {
    name: "no-open-port",
    promise: "Nobody outside reaches anything: a port is open to security groups alone.",
    check({ type, inputs }) {
      if (type !== "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") return [];
      return inputs["cidrIpv4"] === undefined && inputs["cidrIpv6"] === undefined
        ? []
        : ["it is open to addresses"];
    },
  },
  {
    name: "imds-v2",
    promise: "An instance's credentials are read by version 2 of its metadata alone.",
    check({ type, inputs }) {
      if (type !== "aws:ec2/instance:Instance") return [];
      const { httpTokens } = (inputs["metadataOptions"] ?? {}) as { httpTokens?: string };
      return httpTokens === "required" ? [] : ["httpTokens is not required"];
    },
  },
  {
    name: "own-account",
    promise: "A role is taken by a service of AWS, for this account's resources alone.",
    check({ type, inputs }) {
      if (type !== "aws:iam/role:Role") return [];
      return statementsOf(inputs["assumeRolePolicy"]).flatMap(({ Principal, Condition }) => {
        const { Service } = (Principal ?? {}) as { Service?: string | readonly string[] };
        if (Service === undefined) return ["it may be taken by others than services"];
        if (Service === "ec2.amazonaws.com") return [];
        return Condition?.["StringEquals"]?.["aws:SourceAccount"] === undefined
          ? [`${listOf(Service).join(" and ")} may take it for any account`]
          : [];
      });
    },
  },
  {
    name: "tagged",
    promise: "Everything says which environment it is of: by the provider's tags.",
    check({ type, inputs }) {
      if (type !== "pulumi:providers:aws") return [];
      const text = JSON.stringify(inputs["defaultTags"] ?? "");
      return text.includes("quarry:environment")
        ? []
        : ["it has no default tag quarry:environment"];
    },
  },
];
