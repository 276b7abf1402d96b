import { z } from "zod";
import { InvalidInput } from "../errors.ts";

const version = 1;

const deploymentSchema = z.object({
  version: z.number(),
  region: z.string(),
  /** The object store that its containers see: `s3://bucket/prefix`. */
  objects: z.string(),
  batch: z.object({
    spotQueue: z.string(),
    onDemandQueue: z.string(),
    jobDefinition: z.string(),
  }),
});

/** What a stack tells of itself: one parameter, written by the deployment, so that nobody types an ARN. */
export type Deployment = z.infer<typeof deploymentSchema>;

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
  const parsed = deploymentSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      `${deploymentParameter(environment)} is no deployment of Quarry (${parsed.error.issues[0]?.path.join(".") ?? ""}): run "pulumi up" for ${environment} again.`,
    );
  }
  if (parsed.data.version > version) {
    throw new InvalidInput(
      `Environment ${environment} was deployed by a newer version of Quarry (format ${parsed.data.version}, this one reads ${version}): update this one.`,
    );
  }
  return parsed.data;
}
