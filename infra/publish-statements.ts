import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../shared/catalogue.ts";
import type { Environment } from "./components/environment.ts";
import type { Storage } from "./components/storage.ts";
import type { Destinations, Lake, Redshift } from "./destinations.ts";
import { classDatabaseOf, dataClasses, lakeFolders } from "./lake-names.ts";
import { redshiftNames } from "./redshift/migrations.ts";
import type { Statement } from "./statements.ts";

/** What publishing tables takes, by where they go. */
export function publishStatements(
  environment: Environment,
  storage: Storage,
  { lake, redshift }: Destinations,
): Statement[] {
  return [
    ...(lake?.kind === "glue-iceberg" ? glueStatements(environment, storage) : []),
    ...(lake?.kind === "s3-tables" ? tableBucketStatements(lake) : []),
    ...(redshift === undefined ? [] : redshiftStatements(storage, redshift)),
  ];
}

/** Tags of a job's role: by this one the Data API gives it its role in the database. */
export function roleTagsOf(job: JobSpec, { redshift }: Destinations): Record<string, string> {
  return job.publishes === true && redshift !== undefined
    ? { RedshiftDbRoles: redshiftNames.writer }
    : {};
}

/** Iceberg in the lake bucket: files, and tables in the Glue catalogue; what it may do to those is Lake Formation's to say. */
function glueStatements({ config, accountId }: Environment, { lake }: Storage): Statement[] {
  const { environment, region } = config;
  const glue = (rest: string): pulumi.Output<string> =>
    pulumi.interpolate`arn:aws:glue:${region}:${accountId}:${rest}`;
  const databases = dataClasses.map((one) => classDatabaseOf(environment, one));
  return [
    {
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: [pulumi.interpolate`${lake.arn}/${lakeFolders.tables}/*`],
    },
    {
      actions: ["s3:ListBucket"],
      resources: [lake.arn],
      condition: { StringLike: { "s3:prefix": [`${lakeFolders.tables}/*`] } },
    },
    {
      actions: ["glue:GetDatabase", "glue:GetTable", "glue:CreateTable", "glue:UpdateTable"],
      resources: [
        glue("catalog"),
        ...databases.map((database) => glue(`database/${database}`)),
        ...databases.map((database) => glue(`table/${database}/*`)),
      ],
    },
    // Names no resource: Lake Formation looks at what is asked for.
    { actions: ["lakeformation:GetDataAccess"], resources: ["*"] },
  ];
}

/** Tables that S3 manages: their files, and where their metadata is. The tables themselves are the deployment's. */
function tableBucketStatements({ url }: Lake): Statement[] {
  return [
    { actions: ["s3tables:GetNamespace", "s3tables:ListTables"], resources: [url] },
    {
      actions: [
        "s3tables:GetTable",
        "s3tables:GetTableMetadataLocation",
        "s3tables:UpdateTableMetadataLocation",
        "s3tables:GetTableData",
        "s3tables:PutTableData",
      ],
      resources: [pulumi.interpolate`${url}/table/*`],
    },
  ];
}

/** Redshift by its Data API, and the files that it is to COPY. */
function redshiftStatements({ lake }: Storage, { workgroupArn }: Redshift): Statement[] {
  return [
    {
      actions: [
        "redshift-data:ExecuteStatement",
        "redshift-data:BatchExecuteStatement",
        "redshift-serverless:GetCredentials",
        "redshift-serverless:GetWorkgroup",
      ],
      resources: [workgroupArn],
    },
    {
      // Statements have no names of their own: it sees those that it sent.
      actions: ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"],
      resources: ["*"],
      condition: {
        StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" },
      },
    },
    {
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [pulumi.interpolate`${lake.arn}/${lakeFolders.copy}/*`],
    },
    { actions: ["s3:GetBucketLocation"], resources: [lake.arn] },
  ];
}
