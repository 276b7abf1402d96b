import { z } from "zod";
import type { StackConfig } from "./config.ts";
import { dataClasses } from "./lake-names.ts";

/** Where tables are published to besides ClickHouse. */
export const warehouseSchema = z.strictObject({
  /** A warehouse in SQL: Redshift Serverless. Its subnets are private, and in three zones. */
  redshift: z.enum(["none", "serverless"]).default("none"),
  /**
   * Iceberg tables that SageMaker Lakehouse, Athena and others read, permissions by Lake Formation: tables that S3 manages, or
   * Iceberg in the lake bucket with its tables in the Glue catalogue.
   */
  lakehouse: z.enum(["none", "s3-tables", "glue-iceberg"]).default("none"),
});

export const redshiftSchema = z.strictObject({
  /** RPUs that a query begins with, 8 to 512 by eights. */
  baseCapacity: z.int().min(8).max(512).multipleOf(8).default(8),
  /** RPU-hours a day after which it asks nothing more until midnight UTC; 16 are 6 USD, two hours at 8 RPUs. */
  usageHoursPerDay: z.int().min(1).max(10_000).default(16),
  /** Days that a day's snapshot is kept. */
  snapshotDays: z.int().min(1).max(3653).default(7),
});

const readerSchema = z.strictObject({
  /** A role or a user of IAM, by its ARN. What its own policies must allow: docs/deploy.md. */
  principal: z
    .string()
    .regex(
      /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
      "expected a role or user as arn:aws:iam::123456789012:role/analyst",
    ),
  /** Whose tables it may read: prices, research, alternative. */
  classes: z
    .array(z.enum(dataClasses))
    .min(1)
    .refine((classes) => new Set(classes).size === classes.length, "expected each class once"),
});

export const lakehouseSchema = z.strictObject({
  /** Days that snapshots of S3 Tables are kept, for who travels in time; those in the lake bucket are kept by `quarry publish`. */
  retentionDays: z.int().min(1).max(3653).default(30),
  /** GiB that a question of Athena may scan before it is stopped; a TB is 5 USD. */
  scanLimitGiB: z.int().min(1).max(10_000).default(100),
  /** Who may read what; nobody else can. */
  readers: z.array(readerSchema).default([]),
  /** False where the account's S3 Tables of this region are in the Glue catalogue already: there is one `s3tablescatalog` for all. */
  federate: z.boolean().default(true),
});

/** What Redshift and the lakehouse can't be made with: key, what it says, what is expected; undefined when they can. */
export function warehouseProblem({
  environment,
  network,
  warehouse,
  lakehouse,
}: StackConfig): readonly [key: string, value: unknown, expected: string] | undefined {
  if (warehouse.redshift === "serverless") {
    const zones = network.subnetIds?.length ?? network.zones;
    if (zones < 3) {
      const [key, value] =
        network.subnetIds === undefined
          ? (["zones", network.zones] as const)
          : (["subnetIds", network.subnetIds] as const);
      return [
        `quarry:network.${key}`,
        value,
        'expected at least 3 with quarry:warehouse.redshift "serverless", which wants subnets in three zones',
      ];
    }
    if (network.nat === "none" && network.vpcId === undefined) {
      return [
        "quarry:network.nat",
        "none",
        'expected single or per-zone with quarry:warehouse.redshift "serverless": its subnets must be private',
      ];
    }
  }
  if (warehouse.lakehouse !== "none" && environment.endsWith("-")) {
    return [
      "the stack's name",
      environment,
      "expected a letter or digit at its end with quarry:warehouse.lakehouse, whose names end with it",
    ];
  }
  const principals = lakehouse.readers.map(({ principal }) => principal);
  const twice = principals.find((principal, at) => principals.indexOf(principal) !== at);
  if (twice !== undefined) {
    return [
      "quarry:lakehouse.readers",
      twice,
      "expected each principal once, with all its classes",
    ];
  }
  return undefined;
}
