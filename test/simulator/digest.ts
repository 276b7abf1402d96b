import { createHash } from "node:crypto";
import type { History } from "../../shared/simulator/history.ts";

/** The first 16 hex digits of the SHA-256 of typed arrays' bytes. */
export function digest(...arrays: (Float64Array | Int32Array)[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, 0, array.byteLength));
  return hash.digest("hex").slice(0, 16);
}

/** The digest of bars and events. */
export function historyDigest({ bars, splits, dividends }: History): string {
  const { session, open, high, low, close, volume } = bars;
  const events = [
    ...splits.flatMap((split) => [split.session, split.numerator, split.denominator]),
    ...dividends.flatMap((dividend) => [dividend.session, dividend.amount]),
  ];
  return digest(session, open, high, low, close, volume, Float64Array.from(events));
}
