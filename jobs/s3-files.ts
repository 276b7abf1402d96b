import { basename, join } from "node:path";

/** Bucket and key of an address in S3, the key empty for all of a bucket; undefined for another address. */
export function s3Place(address: string): { bucket: string; key: string } | undefined {
  const [, bucket, key = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

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
