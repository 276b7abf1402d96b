/** An object as it was at one moment. */
export interface StoredObject {
  readonly bytes: Buffer;
  /** Changes whenever the bytes do: an ETag, a hash. */
  readonly version: string;
  /** When the store took the bytes, by its own clock, ms since 1970 UTC (a file's mtime, S3's Last-Modified). */
  readonly storedMs: number;
  /** The store's clock at the moment of the answer: with `storedMs`, the age that leases are judged by. */
  readonly nowMs: number;
}

/**
 * Bytes by key. Keys are `/`-separated, of letters, digits and `.-_=`; an object, once put, is never changed under its key
 * except by `replace`.
 */
export interface ObjectStore {
  /** Where it is, for people. */
  readonly location: string;

  /** The bytes of a key; undefined when there are none. */
  get(key: string): Promise<Buffer | undefined>;

  /** The bytes of a key with what a later `replace` needs; undefined when there are none. */
  read(key: string): Promise<StoredObject | undefined>;

  /**
   * Puts bytes where nothing is.
   *
   * @returns false when the key is taken: then nothing was written
   */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;

  /**
   * Puts bytes in the place of those that were read, if they are still the ones there.
   *
   * @param version of the object that was read
   * @returns false when somebody else was faster, or the key is gone: then nothing was written
   */
  replace(key: string, bytes: Uint8Array, version: string): Promise<boolean>;

  /** All keys that begin with a prefix, in order. */
  list(prefix: string): AsyncIterable<string>;

  /** The path of an object's file, for programs on this machine that read files. */
  localPath(key: string): Promise<string>;
}
