import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { s3Failure, statusOf } from "../objects/s3-failure.ts";

/** A file of a bucket. */
export interface FilePlace {
  readonly bucket: string;
  readonly key: string;
}

/** Writes a small file. */
export async function putFile(
  client: S3Client,
  { bucket, key }: FilePlace,
  bytes: Buffer,
): Promise<void> {
  const request = { Bucket: bucket, Key: key, Body: bytes };
  await client.send(new PutObjectCommand(request)).catch((thrown: unknown) => {
    throw s3Failure(thrown, bucket);
  });
}

/**
 * Brings a file there that a program writes. What is in a file is said by its name: one that is there whole is the same, and stays.
 *
 * @param write writes it to a path of this machine
 * @param read looks at it; what it throws leaves nothing there
 * @returns what `read` told
 */
export async function bringFile<Told>(
  client: S3Client,
  at: FilePlace,
  write: (path: string) => Promise<void>,
  read: (path: string) => Promise<Told>,
): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), "quarry-publish-"));
  try {
    const path = join(folder, "data.parquet");
    await write(path);
    const told = await read(path);
    if ((await lengthOf(client, at)) !== (await stat(path)).size) await upload(client, at, path);
    return told;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The length of what is there under a key; undefined where nothing is, which S3 tells as a 403 to who may not list the bucket. */
async function lengthOf(client: S3Client, { bucket, key }: FilePlace): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength;
  } catch (thrown) {
    if ([403, 404].includes(statusOf(thrown)!)) return undefined;
    throw s3Failure(thrown, bucket);
  }
}

/** Uploads a file of this machine, part by part where it is large: a part that fails is sent again. */
async function upload(client: S3Client, { bucket, key }: FilePlace, path: string): Promise<void> {
  const params = { Bucket: bucket, Key: key, Body: createReadStream(path) };
  // Two parts at once: 32 MiB in memory. Parts of one that failed go by the bucket's rule: who uploads may take nothing away.
  const parts = { queueSize: 2, partSize: 16 * 1024 ** 2, leavePartsOnError: true };
  await new Upload({ client, params, ...parts }).done().catch((thrown: unknown) => {
    throw s3Failure(thrown, bucket);
  });
}
