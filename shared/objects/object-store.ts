/**
 * Bytes by key. Keys are `/`-separated, of letters, digits and `.-_=`; an object, once put, is never changed under its key
 * except by `replace`.
 */
export interface ObjectStore {
  /** Where it is, for people. */
  readonly location: string;

  /** The bytes of a key; undefined when there are none. */
  get(key: string): Promise<Buffer | undefined>;

  /**
   * Puts bytes where nothing is.
   *
   * @returns false when the key is taken: then nothing was written
   */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;

  /** All keys that begin with a prefix, in order. */
  list(prefix: string): AsyncIterable<string>;

  /** The path of an object's file, for programs on this machine that read files. */
  localPath(key: string): Promise<string>;
}
