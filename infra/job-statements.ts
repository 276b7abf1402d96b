import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../shared/catalogue.ts";
import type { Environment } from "./components/environment.ts";
import type { Storage } from "./components/storage.ts";
import type { Destinations } from "./destinations.ts";
import { modelStatements } from "./model-statements.ts";
import { publishStatements } from "./publish-statements.ts";
import type { Statement } from "./statements.ts";

/** What a job's own code may do, by what the catalogue says of it. */
export function jobStatements(
  job: JobSpec,
  environment: Environment,
  storage: Storage,
  destinations: Destinations,
): Statement[] {
  const { prefix, accountId, config } = environment;
  const { work, raw, inbox } = storage;
  const arn = (service: string, rest: string): pulumi.Output<string> =>
    pulumi.interpolate`arn:aws:${service}:${config.region}:${accountId}:${rest}`;
  const writes = job.writes.map((folder) =>
    folder === "captures"
      ? pulumi.interpolate`${raw.arn}/captures/*`
      : pulumi.interpolate`${work.arn}/${folder}/*`,
  );
  const statements: Statement[] = [
    {
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${work.arn}/*`, pulumi.interpolate`${raw.arn}/*`],
    },
    { actions: ["s3:ListBucket"], resources: [work.arn, raw.arn] },
  ];
  if (writes.length > 0) statements.push({ actions: ["s3:PutObject"], resources: writes });
  if (job.inbox !== undefined) {
    statements.push({
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${inbox.arn}/${job.inbox.prefix}*`],
    });
  }
  if (job.looksThrough !== undefined) {
    statements.push(
      { actions: ["s3:ListBucket"], resources: [inbox.arn] },
      {
        actions: ["s3:GetObject"],
        resources: [pulumi.interpolate`${inbox.arn}/${job.looksThrough}*.json`],
      },
    );
  }
  if (job.orders === true) {
    statements.push(
      {
        actions: ["batch:SubmitJob", "batch:TagResource"],
        resources: [
          arn("batch", `job-queue/${prefix}-*`),
          arn("batch", `job-definition/${prefix}-*`),
          arn("batch", "job/*"),
        ],
      },
      { actions: ["batch:TerminateJob"], resources: [arn("batch", "job/*")] },
      // These name no resource in their own policies.
      { actions: ["batch:DescribeJobs", "batch:ListJobs"], resources: ["*"] },
      {
        actions: ["ssm:GetParameter"],
        resources: [arn("ssm", `parameter/quarry/${config.environment}/deployment`)],
      },
    );
  }
  if (job.model === true) statements.push(...modelStatements(environment));
  if (job.publishes === true) {
    statements.push(...publishStatements(environment, storage, destinations));
  }
  return statements;
}
