import * as pulumi from "@pulumi/pulumi";
import type { Warehouse } from "./components/clickhouse.ts";
import type { Environment } from "./components/environment.ts";
import type { ResearchRun } from "./components/research-run.ts";
import type { Storage } from "./components/storage.ts";
import type { Destinations } from "./destinations.ts";

/** The format of the document; `shared/backfill/deployment.ts` reads it. */
const version = 2;

/** What `quarry --env NAME` reads: names, and one prefix from which all others follow, however many jobs there are. */
export function deploymentDocument(
  { config, prefix }: Environment,
  storage: Storage,
  warehouse: Warehouse,
  research: ResearchRun,
  { lake, redshift }: Destinations,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    version,
    region: config.region,
    prefix,
    objects: pulumi.interpolate`s3://${storage.work.bucketName}`,
    captures: pulumi.interpolate`s3://${storage.raw.bucketName}`,
    inbox: pulumi.interpolate`s3://${storage.inbox.bucketName}`,
    clickhouse: {
      url: warehouse.url,
      ...(warehouse.certificateParameter !== undefined && {
        certificateParameter: warehouse.certificateParameter,
      }),
      ...(warehouse.instanceId !== undefined && { instance: warehouse.instanceId }),
    },
    stateMachine: research.arn,
    ...(lake !== undefined && {
      lake: { url: lake.url, database: lake.database, athenaWorkgroup: lake.athenaWorkgroup },
    }),
    ...(redshift !== undefined && {
      redshift: { workgroup: redshift.workgroupName, database: redshift.database },
    }),
  });
}
