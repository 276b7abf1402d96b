import type * as pulumi from "@pulumi/pulumi";

/** A lakehouse, as the publishing job sees it. */
export interface Lake {
  readonly kind: "s3-tables" | "glue-iceberg";
  /** `s3://bucket/lake`, or the ARN of the table bucket. */
  readonly url: pulumi.Output<string>;
  /** What its Glue databases' names begin with, or its namespace. */
  readonly database: string;
  /** Name of the workgroup that questions are asked in. */
  readonly athenaWorkgroup: pulumi.Output<string>;
}

/** Redshift, as the publishing job sees it. */
export interface Redshift {
  readonly workgroupName: pulumi.Output<string>;
  readonly workgroupArn: pulumi.Output<string>;
  readonly database: string;
  /** The role by which Redshift reads the files that it is to COPY. */
  readonly copyRoleArn: pulumi.Output<string>;
}

/** Where tables are published to, as far as the deployment has it. */
export interface Destinations {
  readonly lake?: Lake;
  readonly redshift?: Redshift;
}
