import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { MalformedRecord, messageOf, QuarryError } from "../../errors.ts";
import type { ByteSource } from "./byte-source.ts";

const inflate = promisify(inflateRaw);

/** An entry of a zip, unpacked. */
export interface ZipEntry {
  readonly name: string;
  /** Undefined when it can't be unpacked. */
  readonly bytes: Buffer | undefined;
  /** The entry as the zip has it, deflated; undefined where it is stored plain. */
  readonly deflated: Buffer | undefined;
  /** CRC-32 of the bytes. */
  readonly checksum: number;
  /** Why it can't be unpacked. */
  readonly flaw: string;
}

/** No company's file is so big: what claims to be is a bomb. */
const largestEntry = 512 * 2 ** 20;

/** Entries unpacked ahead of the one at hand, in threads of Node's pool. */
const ahead = 4;

/**
 * Reads a zip entry after entry, never whole. Zip64 too. An entry that is damaged has a flaw, and the others go on.
 *
 * @param wants says by its name whether an entry is read
 * @throws MalformedRecord when it is no zip, or its directory is damaged
 */
export async function* zipEntries(
  source: ByteSource,
  wants: (name: string) => boolean,
): AsyncGenerator<ZipEntry> {
  const { RandomAccessReader, fromRandomAccessReaderPromise } = await import("yauzl");
  let broken: unknown;
  class Reader extends RandomAccessReader {
    override read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      callback: (error: Error | null) => void,
    ): void {
      source.read(position, length).then(
        (bytes) => {
          bytes.copy(buffer, offset);
          callback(null);
        },
        (thrown: unknown) => {
          broken = thrown;
          callback(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
        },
      );
    }
  }
  const named = (thrown: unknown): Error => {
    if (broken instanceof QuarryError) return broken;
    if (thrown instanceof QuarryError) return thrown;
    return new MalformedRecord(`${source.name} is no whole zip: ${messageOf(thrown)}.`, {
      cause: thrown,
    });
  };
  const waiting: Promise<ZipEntry>[] = [];
  try {
    const zip = await fromRandomAccessReaderPromise(new Reader(), source.size, {
      autoClose: false,
      lazyEntries: true,
    });
    for await (const entry of zip.eachEntry()) {
      if (!wants(entry.fileName)) continue;
      // Where it lies and its bytes are read in order; only unpacking is left to others.
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const packed =
        entry.uncompressedSize > largestEntry || entry.compressedSize > largestEntry
          ? undefined
          : await source.read(fileDataStart, entry.compressedSize);
      const unpacked = unpack(entry, packed);
      waiting.push(unpacked);
      if (waiting.length > ahead) yield await waiting.shift()!;
    }
  } catch (thrown) {
    throw named(thrown);
  }
  for (const entry of waiting) yield await entry;
}

interface Entry {
  readonly fileName: string;
  readonly compressionMethod: number;
  readonly generalPurposeBitFlag: number;
  readonly uncompressedSize: number;
  readonly crc32: number;
}

async function unpack(entry: Entry, packed: Buffer | undefined): Promise<ZipEntry> {
  const name = entry.fileName;
  const checksum = entry.crc32;
  const nothing = { name, bytes: undefined, deflated: undefined, checksum };
  const flawed = (flaw: string): ZipEntry => ({ ...nothing, flaw });
  if (packed === undefined) return flawed(`it claims ${entry.uncompressedSize} bytes`);
  if ((entry.generalPurposeBitFlag & 1) !== 0) return flawed("it is encrypted");
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return flawed(`it is packed by method ${entry.compressionMethod}, expected deflate`);
  }
  let bytes: Buffer;
  try {
    bytes =
      entry.compressionMethod === 0
        ? packed
        : await inflate(packed, {
            // In one piece, of the size that the zip tells.
            chunkSize: Math.max(64, entry.uncompressedSize),
            maxOutputLength: Math.max(1, entry.uncompressedSize),
          });
  } catch (thrown) {
    return flawed(messageOf(thrown));
  }
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) {
    return flawed("its length or check sum is another");
  }
  const deflated = entry.compressionMethod === 8 ? packed : undefined;
  return { name, bytes, deflated, checksum, flaw: "" };
}
