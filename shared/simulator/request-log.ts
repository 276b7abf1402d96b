import { secondMs } from "../units.ts";

/** One request that a simulated vendor received. */
export interface LoggedRequest {
  /** When it came, ms since 1970 by the server's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** What it was about, in the vendor's terms: a symbol, a CIK. */
  readonly subject: string;
  /** HTTP status of the answer; 0 until there is one. */
  status: number;
  /** The failure it met on purpose; undefined for none. */
  fault: string | undefined;
}

/** The most requests that came within one rolling second. */
export function peakPerSecond(requests: readonly LoggedRequest[]): number {
  let peak = 0;
  let from = 0;
  requests.forEach(({ atMs }, to) => {
    while (atMs - requests[from]!.atMs >= secondMs) from++;
    peak = Math.max(peak, to - from + 1);
  });
  return peak;
}
