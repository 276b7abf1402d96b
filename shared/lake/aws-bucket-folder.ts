import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { s3Failure, statusOf } from "../objects/s3-failure.ts";
import { s3Bytes, s3Files } from "../objects/s3.ts";
import type { Pointer } from "./iceberg/table.ts";
import type { TableFolder } from "./table-folder.ts";

/** Which metadata of a table counts, by a catalogue that lets one of two who commit win. */
export interface CataloguePointer {
  /** URI of the metadata, with what the catalogue wants to see of whoever goes on; undefined while there is none. */
  current(): Promise<{ readonly uri: string; readonly token: string | undefined } | undefined>;
  /** @returns false when somebody else was faster: then nothing was changed */
  advance(from: Pointer | undefined, uri: string): Promise<boolean>;
}

/** A table's folder in a bucket; a catalogue says which metadata counts. */
export function bucketFolder(
  location: string,
  catalogue: CataloguePointer,
  client: S3Client,
): TableFolder {
  const { bucket, prefix } = placeOf(location);
  const keyOf = (name: string): string => (prefix === "" ? name : `${prefix}/${name}`);
  const keyOfUri = (uri: string): string => uri.slice(`s3://${bucket}/`.length);
  const put = async (name: string, bytes: Buffer): Promise<void> => {
    const request = { Bucket: bucket, Key: keyOf(`metadata/${name}`), Body: bytes };
    await client.send(new PutObjectCommand(request)).catch((thrown: unknown) => {
      throw s3Failure(thrown, bucket);
    });
  };
  const names = async (folder: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of s3Files(bucket, keyOf(`${folder}/`), client)) {
      found.push(prefix === "" ? key : key.slice(prefix.length + 1));
    }
    return found;
  };
  return {
    location,
    uriOf: (name) => `${location}/${name}`,
    get: (name) => s3Bytes(bucket, keyOf(`metadata/${name}`), client),
    put,
    async current() {
      const found = await catalogue.current();
      if (found === undefined) return undefined;
      const file = found.uri.slice(found.uri.lastIndexOf("/") + 1);
      return { file, version: Number(/^(\d+)-/.exec(file)?.[1] ?? 0), token: found.token };
    },
    async advance(from, metadata) {
      const version = (from?.version ?? 0) + 1;
      const file = `${String(version).padStart(5, "0")}-${randomUUID()}.metadata.json`;
      await put(file, metadata);
      const first = await catalogue.advance(from, `${location}/metadata/${file}`);
      return first ? { file, version } : undefined;
    },
    settle: () => Promise.resolve(),
    async bring(name, write, read) {
      const folder = await mkdtemp(join(tmpdir(), "quarry-publish-"));
      try {
        const path = join(folder, "data.parquet");
        await write(path);
        const told = await read(path);
        const { size } = await stat(path);
        // What is in a file is said by its name: one that is there whole is the same.
        if ((await lengthOf(client, { bucket, key: keyOf(name) })) !== size) {
          await upload(client, { bucket, key: keyOf(name) }, path);
        }
        return told;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    list: async () => (await names("metadata")).map((name) => name.slice("metadata/".length)),
    files: async () => (await names("data")).map((name) => `${location}/${name}`),
    async remove(uri) {
      await client
        .send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOfUri(uri) }))
        .catch((thrown: unknown) => {
          throw s3Failure(thrown, bucket);
        });
    },
  };
}

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** The length of what is there under a key; undefined where nothing is, which S3 tells as a 403 to who may not list the bucket. */
export async function lengthOf(
  client: S3Client,
  { bucket, key }: Place,
): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength;
  } catch (thrown) {
    if ([403, 404].includes(statusOf(thrown)!)) return undefined;
    throw s3Failure(thrown, bucket);
  }
}

/** Uploads a file of this machine, part by part where it is large: a part that fails is sent again. */
export async function upload(
  client: S3Client,
  { bucket, key }: Place,
  path: string,
): Promise<void> {
  const params = { Bucket: bucket, Key: key, Body: createReadStream(path) };
  // Two parts at once: 32 MiB in memory. Parts of one that failed go by the bucket's rule: who uploads may take nothing away.
  const parts = { queueSize: 2, partSize: 16 * 1024 ** 2, leavePartsOnError: true };
  await new Upload({ client, params, ...parts }).done().catch((thrown: unknown) => {
    throw s3Failure(thrown, bucket);
  });
}

/** Bucket and prefix of `s3://bucket/prefix`. */
export function placeOf(uri: string): { bucket: string; prefix: string } {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(uri) ?? [];
  return { bucket, prefix };
}
