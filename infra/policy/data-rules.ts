import { statementsOf, type Rule } from "./resource.ts";

/** What holds data that nobody could make again. */
const data: ReadonlySet<string> = new Set([
  "aws:s3/bucket:Bucket",
  "aws:ebs/volume:Volume",
  "aws:ec2/eip:Eip",
  "aws:redshiftserverless/namespace:Namespace",
  // A database goes with its tables, and with them goes which files they are made of.
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:s3tables/tableBucket:TableBucket",
  "aws:s3tables/namespace:Namespace",
  "aws:s3tables/table:Table",
]);

/** What is kept, how, and for how long. */
export const dataRules: readonly Rule[] = [
  {
    name: "encrypted",
    promise: "What is stored is encrypted.",
    check({ type, inputs }) {
      switch (type) {
        case "aws:ebs/volume:Volume":
          return inputs["encrypted"] === true ? [] : ["encrypted is not true"];
        case "aws:ec2/instance:Instance": {
          const { encrypted } = (inputs["rootBlockDevice"] ?? {}) as { encrypted?: boolean };
          return encrypted === true ? [] : ["its root volume is not encrypted"];
        }
        case "aws:sqs/queue:Queue":
          return inputs["sqsManagedSseEnabled"] === true ? [] : ["its messages are not encrypted"];
        case "aws:ecr/repository:Repository":
          return inputs["encryptionConfigurations"] === undefined ? ["it says no encryption"] : [];
        case "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
          return (inputs["rules"] as unknown[]).length > 0 ? [] : ["it has no rule"];
        case "aws:s3tables/tableBucket:TableBucket":
        case "aws:s3tables/table:Table": {
          const { sseAlgorithm } = (inputs["encryptionConfiguration"] ?? {}) as {
            sseAlgorithm?: string;
          };
          return sseAlgorithm === undefined ? ["it says no encryption"] : [];
        }
        default:
          return [];
      }
    },
  },
  {
    name: "tls-only",
    promise: "A bucket answers over TLS alone.",
    check({ type, inputs }) {
      if (type !== "aws:s3/bucketPolicy:BucketPolicy") return [];
      const denied = statementsOf(inputs["policy"]).some(
        ({ Effect, Condition }) =>
          Effect === "Deny" && Condition?.["Bool"]?.["aws:SecureTransport"] === "false",
      );
      return denied ? [] : ["it does not refuse plain HTTP"];
    },
  },
  {
    name: "versioned",
    promise: "A bucket keeps what is replaced in it.",
    check({ type, inputs }) {
      if (type !== "aws:s3/bucketVersioning:BucketVersioning") return [];
      const { status } = inputs["versioningConfiguration"] as { status?: string };
      return status === "Enabled" ? [] : ["its status is not Enabled"];
    },
  },
  {
    name: "captures-stay",
    promise: "What vendors sent is never deleted by a rule.",
    check({ type, inputs }) {
      if (type !== "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration") return [];
      const all = inputs["rules"] as { filter?: { prefix?: string }; expiration?: unknown }[];
      return all
        .filter(
          ({ filter, expiration }) =>
            expiration !== undefined && "captures/".startsWith(filter?.prefix ?? ""),
        )
        .map(({ filter }) => `a rule of "${filter?.prefix ?? ""}" deletes captures`);
    },
  },
  {
    name: "log-retention",
    promise: "Logs go after the days that the configuration says.",
    check({ type, inputs }) {
      if (type !== "aws:cloudwatch/logGroup:LogGroup") return [];
      return Number(inputs["retentionInDays"] ?? 0) > 0 ? [] : ["it keeps logs for ever"];
    },
  },
  {
    name: "protected-in-prod",
    promise: "In prod data is protected, but while the stack is taken down on purpose.",
    check({ type, protect }, { environment, teardown }) {
      if (environment !== "prod" || teardown || !data.has(type)) return [];
      return protect ? [] : ["it is not protected"];
    },
  },
  {
    name: "no-secret-value",
    promise: "No secret's value passes through the program.",
    check({ type, inputs }) {
      if (type === "aws:secretsmanager/secretVersion:SecretVersion") return ["it holds a value"];
      const text = JSON.stringify(inputs);
      const looks = /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----/.exec(text);
      return looks ? [`something in it looks like a secret: ${looks[0].slice(0, 12)}...`] : [];
    },
  },
];
