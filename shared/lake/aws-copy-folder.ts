import { InvalidInput } from "../errors.ts";
import { s3Place } from "../objects/s3-place.ts";
import { s3Client } from "../objects/s3.ts";
import { bringFile, putFile } from "./aws-files.ts";
import type { CopyFolder } from "./redshift/publish-redshift.ts";

/**
 * The folder of a bucket that Redshift copies from.
 *
 * @param url `s3://bucket/prefix`
 * @throws InvalidInput for what is no such place, or could not stand in a statement
 */
export function copyFolder(url: string, client = s3Client()): CopyFolder {
  if (!/^s3:\/\/[a-z0-9.-]{3,63}(\/[\w.-]+)+$/.test(url)) {
    throw new InvalidInput(`REDSHIFT_COPY_FOLDER: expected s3://bucket/prefix, got "${url}".`);
  }
  const { bucket, key: prefix } = s3Place(url)!;
  const at = (name: string) => ({ bucket, key: `${prefix}/${name}` });
  return {
    uriOf: (name) => `${url}/${name}`,
    bring: (name, write, read) => bringFile(client, at(name), write, read),
    put: (name, bytes) => putFile(client, at(name), bytes),
  };
}
