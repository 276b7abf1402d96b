import * as pulumi from "@pulumi/pulumi";
import { lanes as specs, type JobSpec, type LaneSpec } from "../shared/catalogue.ts";
import type { Warehouse } from "./components/clickhouse.ts";
import type { Environment } from "./components/environment.ts";
import type { Storage } from "./components/storage.ts";
import type { Destinations } from "./destinations.ts";
import { lakeFolders } from "./lake-names.ts";

/** Variables that a job finds in its environment; none of them is secret. */
export function jobEnvironment(
  job: JobSpec,
  { config }: Environment,
  storage: Storage,
  warehouse: Warehouse,
  destinations: Destinations,
): Record<string, pulumi.Input<string>> {
  const units: Readonly<Record<string, LaneSpec>> = specs;
  const lanes = Object.entries(config.lanes).flatMap(([lane, { ratePerSecond, slots }]) => [
    units[lane]?.unit === "tokens"
      ? [`${lane.toUpperCase()}_TOKENS_PER_MINUTE`, String(ratePerSecond * 60)]
      : [`${lane.toUpperCase()}_RATE`, String(ratePerSecond)],
    [`${lane.toUpperCase()}_SLOTS`, String(slots)],
  ]);
  return {
    QUARRY_ENV: config.environment,
    QUARRY_OBJECTS: pulumi.interpolate`s3://${storage.work.bucketName}`,
    QUARRY_CAPTURES: pulumi.interpolate`s3://${storage.raw.bucketName}`,
    QUARRY_LOG: "info",
    ...(Object.fromEntries(lanes) as Record<string, string>),
    ...(job.vendor === true &&
      config.edgarContact !== undefined && { EDGAR_CONTACT: config.edgarContact }),
    ...(job.model === true &&
      config.bedrockModel !== undefined && { BEDROCK_MODEL_ID: config.bedrockModel }),
    ...(job.clickhouse === true && {
      CLICKHOUSE_URL: warehouse.url,
      CLICKHOUSE_USER: warehouse.user,
    }),
    ...(job.publishes === true && publishEnvironment(storage, destinations)),
  };
}

/** Where a job that publishes finds what tables go to; nothing of what there is not. */
function publishEnvironment(
  { lake: bucket }: Storage,
  { lake, redshift }: Destinations,
): Record<string, pulumi.Input<string>> {
  return {
    ...(lake !== undefined && { QUARRY_LAKE: lake.url, QUARRY_LAKE_DATABASE: lake.database }),
    ...(redshift !== undefined && {
      REDSHIFT_WORKGROUP: redshift.workgroupName,
      REDSHIFT_DATABASE: redshift.database,
      REDSHIFT_COPY_ROLE: redshift.copyRoleArn,
      REDSHIFT_COPY_FOLDER: pulumi.interpolate`s3://${bucket.bucketName}/${lakeFolders.copy}`,
    }),
  };
}
