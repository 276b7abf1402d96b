import { basename, join } from "node:path";
import { s3Place } from "../shared/objects/s3-place.ts";

/**
 * A file of S3 as one of this machine; one of this machine stays where it is.
 *
 * @param name in the folder; its own by default
 * @returns undefined when S3 has no such file
 */
export async function fileHere(
  file: string,
  folder: string,
  name?: string,
): Promise<string | undefined> {
  const place = s3Place(file);
  if (place === undefined) return file;
  const { s3File } = await import("../shared/objects/s3.ts");
  const path = join(folder, name ?? basename(place.key));
  return (await s3File(place.bucket, place.key, path)) ? path : undefined;
}
