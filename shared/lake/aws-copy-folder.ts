import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { InvalidInput } from "../errors.ts";
import { s3Failure } from "../objects/s3-failure.ts";
import { s3Client } from "../objects/s3.ts";
import { lengthOf, placeOf, upload } from "./aws-bucket-folder.ts";
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
  const { bucket, prefix } = placeOf(url);
  const keyOf = (name: string): string => `${prefix}/${name}`;
  const uriOf = (name: string): string => `s3://${bucket}/${keyOf(name)}`;
  return {
    async bring(name, write) {
      const folder = await mkdtemp(join(tmpdir(), "quarry-copy-"));
      try {
        const path = join(folder, "data.parquet");
        await write(path);
        const at = { bucket, key: keyOf(name) };
        if ((await lengthOf(client, at)) !== (await stat(path)).size) {
          await upload(client, at, path);
        }
        return uriOf(name);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async put(name, bytes) {
      const request = { Bucket: bucket, Key: keyOf(name), Body: bytes };
      await client.send(new PutObjectCommand(request)).catch((thrown: unknown) => {
        throw s3Failure(thrown, bucket);
      });
      return uriOf(name);
    },
  };
}
