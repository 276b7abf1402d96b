import { open } from "node:fs/promises";
import { InvalidInput, MalformedRecord, SourceUnavailable } from "../../errors.ts";
import type { ByteRange, EdgarReply } from "./client.ts";

/** A file of known length that is read in pieces, wherever it lies. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /** @throws MalformedRecord when it ends before */
  read(from: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * A file of this machine.
 *
 * @throws InvalidInput when there is none
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path).catch(() => {
    throw new InvalidInput(`${path}: no such file, or it can't be read.`);
  });
  const { size } = await file.stat();
  const read = inBlocks(path, size, async (from, length) => {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(bytes, 0, length, from);
    if (bytesRead === length) return bytes;
    throw new MalformedRecord(`${path} was cut while it was read.`);
  });
  return { name: path, size, read, close: () => file.close() };
}

/** What is read at once. */
const blockBytes = 8 * 2 ** 20;
/** Blocks held: that of the directory at the end, and those around the entry at hand. */
const blocksHeld = 4;

/**
 * A file on a server, by requests for parts of it: a reply that breaks off is asked for again from where it ended, and
 * nothing of it touches the disk.
 *
 * @param get asks for a part, and again when it must
 * @throws InvalidInput when there is no such file
 */
export async function remoteSource(
  name: string,
  get: (range: ByteRange) => Promise<EdgarReply>,
): Promise<ByteSource> {
  const first = await get({ from: 0, to: blockBytes - 1 });
  if (!first.found) throw new InvalidInput(`${name}: EDGAR has no such file.`);
  if (first.ofLength === undefined && first.status === 206) {
    throw new SourceUnavailable(
      `${name}: the server does not say how long it is; try again later.`,
    );
  }
  // A server without ranges sends all of it.
  const size = first.ofLength ?? first.bytes.length;
  const whole = first.status === 200 ? first.bytes : undefined;
  const read = inBlocks(name, size, async (from, length) => {
    if (from === 0) return first.bytes;
    const reply = await get({ from, to: from + length - 1 });
    if (reply.etag !== first.etag || reply.ofLength !== size) {
      throw new SourceUnavailable(
        `${name} was replaced while it was read; run the same command again.`,
      );
    }
    if (reply.bytes.length === length) return reply.bytes;
    throw new SourceUnavailable(
      `${name}: ${length} bytes were asked for, ${reply.bytes.length} came; run the same command again.`,
    );
  });
  return {
    name,
    size,
    read: whole ? (from, length) => Promise.resolve(whole.subarray(from, from + length)) : read,
    close: () => Promise.resolve(),
  };
}

/** Reads a file by blocks, the last few of which are held. */
function inBlocks(
  name: string,
  size: number,
  fetch: (from: number, length: number) => Promise<Buffer>,
): ByteSource["read"] {
  const blocks = new Map<number, Promise<Buffer>>();
  const blockOf = (block: number): Promise<Buffer> => {
    const held = blocks.get(block);
    const from = block * blockBytes;
    const asked = held ?? fetch(from, Math.min(blockBytes, size - from));
    // The last used stands last.
    blocks.delete(block);
    blocks.set(block, asked);
    if (held === undefined) asked.catch(() => blocks.delete(block));
    if (blocks.size > blocksHeld) blocks.delete(blocks.keys().next().value!);
    return asked;
  };
  return async (from, length) => {
    if (from + length > size) {
      throw new MalformedRecord(`${name} ends after ${size} bytes, expected ${from + length}.`);
    }
    const parts: Buffer[] = [];
    for (let at = from; at < from + length;) {
      const block = Math.floor(at / blockBytes);
      const bytes = await blockOf(block);
      const begin = at - block * blockBytes;
      const part = bytes.subarray(begin, begin + from + length - at);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
  };
}
