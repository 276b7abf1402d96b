import { randomUUID } from "node:crypto";
import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { s3Failure } from "../objects/s3-failure.ts";
import { s3Place } from "../objects/s3-place.ts";
import { s3Bytes, s3Files } from "../objects/s3.ts";
import { bringFile, putFile } from "./aws-files.ts";
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
  const { bucket, key: prefix } = s3Place(location)!;
  const keyOf = (name: string): string => (prefix === "" ? name : `${prefix}/${name}`);
  const keyOfUri = (uri: string): string => uri.slice(`s3://${bucket}/`.length);
  const put = (name: string, bytes: Buffer): Promise<void> =>
    putFile(client, { bucket, key: keyOf(`metadata/${name}`) }, bytes);
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
    bring: (name, write, read) => bringFile(client, { bucket, key: keyOf(name) }, write, read),
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
