import type { Settings } from "../env.ts";
import { InvalidInput } from "../errors.ts";
import { folderLake } from "./lake-folder.ts";
import type { Lake } from "./table-folder.ts";

/**
 * Opens the lake that a name stands for: `lake` is the one of the environment that was deployed, everything else a folder.
 *
 * @throws InvalidInput where the environment has none
 */
export async function openLake(to: string, settings: Settings): Promise<Lake> {
  if (to !== "lake") return folderLake(to);
  const url = settings.get("lake");
  const database = settings.get("lakeDatabase");
  if (url === undefined || database === undefined) {
    throw new InvalidInput(
      "QUARRY_LAKE and QUARRY_LAKE_DATABASE are not set: name an environment whose stack has a lake (--env dev), or a folder (--to ./lake).",
    );
  }
  if (url.startsWith("arn:")) {
    const { s3TablesLake } = await import("./aws-s3-tables-lake.ts");
    return s3TablesLake(url, database);
  }
  if (url.startsWith("s3://")) {
    const { glueLake } = await import("./aws-glue-lake.ts");
    return glueLake(url, database);
  }
  throw new InvalidInput(
    `QUARRY_LAKE: expected s3://bucket/prefix or the ARN of a table bucket, got "${url}".`,
  );
}
