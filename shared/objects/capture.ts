import { gunzip, gzip } from "node:zlib";
import { promisify } from "node:util";
import { contentHash } from "./file-store.ts";
import type { ObjectStore } from "./object-store.ts";

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** What a vendor sent, as it was sent, and when. The bytes are an object named by their hash. */
export interface Capture {
  /** SHA-256 of the bytes. */
  readonly hash: string;
  readonly url: string;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
  readonly status: number;
  readonly byteLength: number;
}

function keyOf(source: string, hash: string): string {
  return `captures/${source}/${hash.slice(0, 2)}/${hash}.gz`;
}

/** Keeps a reply's bytes, once however often they come. */
export async function putCapture(
  objects: ObjectStore,
  source: string,
  bytes: Uint8Array,
): Promise<string> {
  const hash = contentHash(bytes);
  await objects.putIfAbsent(keyOf(source, hash), await compress(bytes, { level: 1 }));
  return hash;
}

/** A vendor's reply as it came over the wire. */
export interface WireReply {
  readonly url: string;
  readonly status: number;
  /** Ms since 1970 UTC. */
  readonly fetchedMs: number;
  readonly bytes: Uint8Array;
}

/** Keeps a reply's bytes, and says what stands of it in a receipt. */
export async function captureReply(
  objects: ObjectStore,
  source: string,
  { url, status, fetchedMs, bytes }: WireReply,
): Promise<Capture> {
  return {
    hash: await putCapture(objects, source, bytes),
    url,
    fetchedAt: new Date(fetchedMs).toISOString(),
    status,
    byteLength: bytes.length,
  };
}

/**
 * Keeps bytes that came deflated, as an entry of a zip: they are not packed again.
 *
 * @param deflated the same bytes, deflated without a header
 * @param checksum CRC-32 of the bytes
 */
export async function putDeflatedCapture(
  objects: ObjectStore,
  source: string,
  bytes: Uint8Array,
  deflated: Uint8Array,
  checksum: number,
): Promise<string> {
  const hash = contentHash(bytes);
  // RFC 1952: no name, no time, unknown system.
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(checksum, 0);
  tail.writeUInt32LE(bytes.length % 2 ** 32, 4);
  await objects.putIfAbsent(keyOf(source, hash), Buffer.concat([head, deflated, tail]));
  return hash;
}

/** The bytes of a capture; undefined when it is not held. */
export async function getCapture(
  objects: ObjectStore,
  source: string,
  hash: string,
): Promise<Buffer | undefined> {
  const compressed = await objects.get(keyOf(source, hash));
  return compressed && expand(compressed);
}
