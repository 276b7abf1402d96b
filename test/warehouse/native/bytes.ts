/** A stream of bytes, cut at the given places. */
export async function* cutAt(bytes: Buffer, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const bounds = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  for (let at = 1; at < bounds.length; at++) {
    yield await Promise.resolve(bytes.subarray(bounds[at - 1], bounds[at]));
  }
}
