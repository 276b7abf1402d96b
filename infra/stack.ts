import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { datasets, type JobSpec } from "../shared/catalogue.ts";
import { ClickHouse, clickhouseUsers, externalClickHouse } from "./components/clickhouse.ts";
import { Compute } from "./components/compute.ts";
import { Functions } from "./components/functions.ts";
import { Inbox } from "./components/inbox.ts";
import { JobImage } from "./components/job-image.ts";
import { LakeGrants } from "./components/lake-grants.ts";
import { Lakehouse } from "./components/lakehouse.ts";
import { Network } from "./components/network.ts";
import { Observability } from "./components/observability.ts";
import { RedshiftWarehouse } from "./components/redshift-warehouse.ts";
import { ResearchRun } from "./components/research-run.ts";
import { Schedules } from "./components/schedules.ts";
import { Secrets } from "./components/secrets.ts";
import { Storage } from "./components/storage.ts";
import { Topic } from "./components/topic.ts";
import { Workload } from "./components/workload.ts";
import type { StackConfig } from "./config.ts";
import { deploymentDocument } from "./deployment.ts";
import { alarmsOf, idleCost } from "./idle-cost.ts";
import { batchStatements } from "./model-statements.ts";
import { prefixOf } from "./names.ts";

/** The whole platform, top to bottom: what the catalogue's jobs run on, and what starts them. */
export function defineStack(config: StackConfig, jobs: Readonly<Record<string, JobSpec>>) {
  const on = (place: "batch" | "lambda") => pick(jobs, ({ runsOn }) => runsOn.includes(place));
  const provider = new aws.Provider("aws", {
    region: config.region as aws.Region,
    ...(config.allowedAccountIds.length > 0 && {
      allowedAccountIds: [...config.allowedAccountIds],
    }),
    defaultTags: {
      tags: { "quarry:environment": config.environment, "quarry:managed-by": "pulumi" },
    },
  });
  const opts = { providers: { aws: provider } };
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  const keyArns = config.tavilySecret && {
    "tavily-key": aws.secretsmanager.getSecretOutput({ name: config.tavilySecret }, { provider })
      .arn,
  };
  const prefix = prefixOf(config.environment);
  const environment = { config, prefix, accountId, keyArns: keyArns ?? {} };

  const network = new Network("network", { environment }, opts);
  const storage = new Storage("storage", { environment }, opts);
  const own = config.clickhouse.kind === "ec2";
  const names = own ? clickhouseUsers.map((user) => `clickhouse-${user}`) : [];
  const secrets = new Secrets("secrets", { environment, names }, opts);
  const warehouse = own
    ? new ClickHouse("clickhouse", { environment, network, storage, secrets }, opts)
    : externalClickHouse({ environment }, provider);
  const image = new JobImage("image", { environment }, opts);
  const topic = new Topic("alerts", { environment }, opts);

  const lake =
    config.warehouse.lakehouse === "none"
      ? undefined
      : new Lakehouse("lakehouse", { environment, storage }, opts);
  const redshift =
    config.warehouse.redshift === "none"
      ? undefined
      : new RedshiftWarehouse("redshift", { environment, network, storage }, opts);
  const destinations = { ...(lake && { lake }), ...(redshift && { redshift }) };

  const place = { environment, network, storage, image, warehouse, destinations };
  const compute = new Compute("compute", { ...place, jobs: on("batch") }, opts);
  const functions = new Functions("functions", { ...place, jobs: on("lambda") }, opts);
  const research = new ResearchRun(
    "research",
    { environment, compute, topicArn: topic.arn, jobs },
    opts,
  );
  const batchRole =
    config.bedrockModel &&
    new Workload(
      "bedrock-batch",
      {
        environment,
        service: "bedrock.amazonaws.com",
        statements: batchStatements(environment, storage),
      },
      opts,
    );
  const schedules = new Schedules("schedules", { environment, functions, research, jobs }, opts);
  const inbox = new Inbox("inbox", { storage, functions, jobs: on("lambda") }, opts);
  const { deadLetters } = functions;
  const dead = {
    functions: deadLetters,
    schedules: schedules.deadLetters,
    inbox: inbox.deadLetters,
  };
  new Observability(
    "watch",
    {
      environment,
      topic,
      functions,
      research,
      deadLetters: dead,
      loaderQueueArn: compute.loaderQueueArn,
      jobs,
      datasets: Object.keys(datasets),
    },
    opts,
  );

  if (lake !== undefined) {
    const publishers = pick(compute.roleArns, (_, job) => jobs[job]?.publishes === true);
    new LakeGrants("lake-grants", { environment, lakehouse: lake, publishers }, opts);
  }

  new aws.ssm.Parameter(
    "deployment",
    {
      name: `/quarry/${config.environment}/deployment`,
      type: "String",
      value: deploymentDocument(environment, storage, warehouse, research, destinations),
    },
    { provider, deleteBeforeReplace: true },
  );
  return {
    egressAddresses: pulumi.all(network.egressAddresses),
    clickhouseUrl: warehouse.url,
    queues: {
      spot: compute.spotQueueArn,
      onDemand: compute.onDemandQueueArn,
      loader: compute.loaderQueueArn,
    },
    buckets: {
      raw: storage.raw.bucketName,
      work: storage.work.bucketName,
      lake: storage.lake.bucketName,
      inbox: storage.inbox.bucketName,
    },
    stateMachine: research.arn,
    ...(lake && {
      lake: { url: lake.url, database: lake.database, athenaWorkgroup: lake.athenaWorkgroup },
    }),
    ...(redshift && {
      redshift: { workgroup: redshift.workgroupName, database: redshift.database },
    }),
    ...(batchRole && { bedrockBatchRole: batchRole.arn }),
    idleCostUsdPerMonth: idleCost(config, alarmsOf(config, jobs)),
  };
}

function pick<Value>(
  all: Readonly<Record<string, Value>>,
  wanted: (value: Value, name: string) => boolean,
) {
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => wanted(value, name)));
}
