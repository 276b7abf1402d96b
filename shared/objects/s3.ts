import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { InvalidInput, isDiskFull, SourceRejected } from "../errors.ts";
import { contentHash } from "./file-store.ts";
import { isObjectKey, objectKey } from "./object-key.ts";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { attemptsOf, s3Failure, statusOf } from "./s3-failure.ts";
import { temporaryStore } from "./temporary-store.ts";

/** Attempts of a put that S3 asks to try again since another one to the same key is under way. */
const conflictAttempts = 12;

/** Object metadata that says which put an object comes from. */
const putName = "quarry-put";

/**
 * A client that gives up in time. Credentials, region and endpoint are the SDK's own: AWS_PROFILE, AWS_REGION,
 * AWS_ENDPOINT_URL and all the others. An endpoint that is not Amazon's gets the bucket in the path.
 */
export function s3Client(options: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    retryMode: "standard",
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
    ...options,
  });
  const resolve = client.config.endpointProvider;
  client.config.endpointProvider = (where, context) =>
    resolve(
      where.Endpoint === undefined ||
        /\.amazonaws\.com(\.cn)?$/.test(new URL(where.Endpoint).hostname)
        ? where
        : { ...where, ForcePathStyle: true },
      context,
    );
  return client;
}

/**
 * An object store in S3: a put is one request with a condition, `If-None-Match: *` or `If-Match: ETag`, so that S3 lets
 * only one of two writers win. S3 tells time, its clock's and an object's, in whole seconds.
 *
 * @param bucket its name
 * @param prefix under which the objects are, without slashes at its ends; empty for the whole bucket
 */
export function s3Store(bucket: string, prefix: string, client = s3Client()): ObjectStore {
  const root = prefix === "" ? "" : `${objectKey(prefix)}/`;
  const location = `s3://${bucket}${prefix && `/${prefix}`}`;
  const nameOf = (key: string) => ({ Bucket: bucket, Key: root + objectKey(key) });

  const ask = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await request();
    } catch (thrown) {
      throw s3Failure(thrown, bucket);
    }
  };

  const read = async (key: string): Promise<StoredObject | undefined> => {
    const command = new GetObjectCommand(nameOf(key));
    let date: string | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        date = (result.response as { headers: Record<string, string> }).headers["date"];
        return result;
      },
      { step: "deserialize", name: "dateOfAnswer" },
    );
    return ask(async () => {
      try {
        const { Body, ETag, LastModified } = await client.send(command);
        const nowMs = Date.parse(date ?? "");
        if (Body === undefined || ETag === undefined || !LastModified || Number.isNaN(nowMs)) {
          throw new SourceRejected(
            `${location}: expected an answer with ETag, Last-Modified and Date, as S3 gives; see AWS_ENDPOINT_URL.`,
          );
        }
        const { buffer, byteOffset, byteLength } = await Body.transformToByteArray();
        return {
          bytes: Buffer.from(buffer, byteOffset, byteLength),
          version: ETag,
          storedMs: LastModified.getTime(),
          nowMs,
        };
      } catch (thrown) {
        if (isNoSuchKey(thrown)) return undefined;
        throw thrown;
      }
    });
  };

  /** True when the put won, false when its condition did not hold. */
  const put = async (
    key: string,
    bytes: Uint8Array,
    condition: Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">,
  ): Promise<boolean> => {
    const name = nameOf(key);
    const id = randomUUID();
    let askedAgain = false;
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(
          new PutObjectCommand({ ...name, ...condition, Body: bytes, Metadata: { [putName]: id } }),
        );
        return true;
      } catch (thrown) {
        askedAgain ||= attemptsOf(thrown) > 1;
        if (statusOf(thrown) === 412 || isNoSuchKey(thrown)) {
          // The SDK asks again when an answer is lost, and what is in the way then may be what it wrote itself.
          return askedAgain && (await putOf(name)) === id;
        }
        if (!isConflict(thrown) || attempt === conflictAttempts) throw s3Failure(thrown, bucket);
        await sleep(attempt * 20);
      }
    }
  };

  /** Which put an object comes from; undefined when there is none. */
  const putOf = (name: { Bucket: string; Key: string }): Promise<string | undefined> =>
    ask(async () => {
      try {
        return (await client.send(new HeadObjectCommand(name))).Metadata?.[putName];
      } catch (thrown) {
        if (statusOf(thrown) === 404) return undefined;
        throw thrown;
      }
    });

  let copies: ObjectStore | undefined;

  return {
    location,
    read,

    async get(key) {
      return (await read(key))?.bytes;
    },

    putIfAbsent: (key, bytes) => put(key, bytes, { IfNoneMatch: "*" }),

    replace: (key, bytes, version) => put(key, bytes, { IfMatch: version }),

    async *list(start) {
      let token: string | undefined;
      do {
        const request = { Bucket: bucket, Prefix: root + start, ContinuationToken: token };
        const page = await ask(() => client.send(new ListObjectsV2Command(request)));
        // The names that come are in the order of their bytes. A console's marks of folders are no objects of ours.
        for (const { Key = "" } of page.Contents ?? []) {
          const key = Key.slice(root.length);
          if (isObjectKey(key)) yield key;
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    /**
     * A copy of the object as it is now, named by the hash of its key, its version and its name; it goes with this process.
     *
     * @throws InvalidInput when there is no such object
     */
    async localPath(key) {
      const object = await read(key);
      if (!object) throw new InvalidInput(`There is no object "${key}" in ${location}.`);
      copies ??= temporaryStore();
      const name = basename(key).slice(-80);
      const copy = `${contentHash(key)}-${object.version.replaceAll(/\W/g, "")}-${name}`;
      await copies.putIfAbsent(copy, object.bytes);
      return copies.localPath(copy);
    },
  };
}

function isNoSuchKey(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "NoSuchKey";
}

/** S3's words for: another request for this key is under way, ask again. */
function isConflict(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    ["ConditionalRequestConflict", "OperationAborted"].includes(thrown.name)
  );
}

/**
 * Writes an object of any bucket to a file, without ever holding it whole.
 *
 * @returns false when there is none
 */
export async function s3File(
  bucket: string,
  key: string,
  path: string,
  client = s3Client(),
): Promise<boolean> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(Body as Readable, createWriteStream(path));
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NoSuchKey") return false;
    if (isDiskFull(thrown)) throw thrown;
    throw s3Failure(thrown, bucket);
  }
}

/** A file of any bucket. */
export interface S3File {
  readonly key: string;
  /** Its ETag: changes when it does. */
  readonly version: string;
  /** When it was stored, ms since 1970 UTC. */
  readonly storedMs: number;
}

/** All files of any bucket whose keys begin so, in the order of their keys. */
export async function* s3Files(
  bucket: string,
  prefix: string,
  client = s3Client(),
): AsyncGenerator<S3File> {
  let token: string | undefined;
  do {
    const request = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
    const page = await client.send(new ListObjectsV2Command(request)).catch((thrown: unknown) => {
      throw s3Failure(thrown, bucket);
    });
    for (const { Key = "", ETag = "", LastModified } of page.Contents ?? []) {
      yield { key: Key, version: ETag, storedMs: LastModified?.getTime() ?? 0 };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** The bytes of a small file of any bucket; undefined when there is none. */
export async function s3Bytes(
  bucket: string,
  key: string,
  client = s3Client(),
): Promise<Buffer | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "NoSuchKey") return undefined;
    throw s3Failure(thrown, bucket);
  }
}
