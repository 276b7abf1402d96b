import type { Settings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import type { RedshiftSession } from "../../shared/lake/redshift/session.ts";

/**
 * The database of an environment.
 *
 * @param environment that was deployed; where none is named, the one that this process is told of by its own
 * @throws InvalidInput where it has none
 */
export async function openRedshift(
  settings: Settings,
  signal: AbortSignal,
  environment?: string,
): Promise<RedshiftSession> {
  const { redshiftData } = await import("../../shared/lake/aws-redshift-data.ts");
  if (environment !== undefined) {
    const { readDeployment } = await import("../../shared/backfill/executors/aws-account.ts");
    const { redshift } = await readDeployment(environment);
    if (redshift !== undefined) return redshiftData(redshift, signal);
    throw new InvalidInput(
      `The environment ${environment} has no Redshift: set quarry:warehouse.redshift and run "pulumi up".`,
    );
  }
  const workgroup = settings.get("redshiftWorkgroup");
  if (workgroup === undefined) {
    throw new InvalidInput(
      "REDSHIFT_WORKGROUP is not set: name an environment whose stack has Redshift (--env dev).",
    );
  }
  return redshiftData({ workgroup, database: settings.text("redshiftDatabase") }, signal);
}
