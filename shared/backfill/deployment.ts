import { z } from "zod";
import type { JobName } from "../catalogue.ts";
import { InvalidInput } from "../errors.ts";

const version = 2;

const deploymentSchema = z.object({
  version: z.number(),
  region: z.string(),
  /** What all names begin with: those of queues, job definitions, secrets and alarms follow from it. */
  prefix: z.string(),
  /** The object store that its containers see: `s3://bucket/prefix`. */
  objects: z.string(),
  /** Where captures are kept, when not with the other objects: `s3://bucket/prefix`. */
  captures: z.string().optional(),
  /** Files that are dropped here are taken in: `s3://bucket`. */
  inbox: z.string().optional(),
  clickhouse: z
    .object({
      url: z.string(),
      /** The parameter that has the certificate of the authority that signed the server's, PEM; none for a public one. */
      certificateParameter: z.string().optional(),
      /** The instance that a session of SSM reaches it through. */
      instance: z.string().optional(),
    })
    .optional(),
  stateMachine: z.string().optional(),
  /** Where tables are published to, as far as there is such. */
  lake: z.object({ url: z.string(), database: z.string() }).optional(),
  redshift: z.object({ workgroup: z.string(), database: z.string() }).optional(),
});

/** What a stack tells of itself: one parameter, written by the deployment, so that nobody types an ARN. */
export type Deployment = z.infer<typeof deploymentSchema>;

/** Queues and job definitions by what they are for. */
export const batchNames = ({ prefix }: Pick<Deployment, "prefix">) => ({
  spotQueue: `${prefix}-spot`,
  onDemandQueue: `${prefix}-on-demand`,
  /** Of jobs that open ClickHouse. */
  loaderQueue: `${prefix}-loader`,
  jobDefinition: (job: JobName): string => `${prefix}-${job}`,
});

/** The name of the parameter of an environment. */
export const deploymentParameter = (environment: string): string =>
  `/quarry/${environment}/deployment`;

/**
 * Reads what a stack wrote.
 *
 * @throws InvalidInput when it is no deployment, or one of a newer version
 */
export function parseDeployment(text: string, environment: string): Deployment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const said = z.object({ version: z.number() }).safeParse(value).data?.version;
  if (said !== undefined && said > version) {
    throw new InvalidInput(
      `Environment ${environment} was deployed by a newer version of Quarry (format ${said}, this one reads ${version}): update this one.`,
    );
  }
  const parsed = deploymentSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      `${deploymentParameter(environment)} is no deployment of Quarry (${parsed.error.issues[0]?.path.join(".") ?? ""}): run "pulumi up" for ${environment} again.`,
    );
  }
  return parsed.data;
}
