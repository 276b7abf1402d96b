import { RandomStream } from "./random.ts";

/** Halts never touch the first and the last sessions of a life. */
const margin = 10;
const longestHalt = 10;

/**
 * Draws the sessions of a life without trading, 1 to 10 at a time.
 *
 * @param count sessions of the life
 * @returns 1 for a session without a bar, by session of the life
 */
export function drawHalts(
  seed: number,
  listingId: number,
  count: number,
  perYear: number,
): Uint8Array {
  const halted = new Uint8Array(count);
  if (perYear <= 0) return halted;
  const stream = new RandomStream(seed, `halts/${listingId}`);
  const wait = (): number => Math.ceil(stream.exponential(252 / perYear));
  for (let at = margin + wait(); at < count - margin - longestHalt; at += longestHalt + wait()) {
    halted.fill(1, at, at + 1 + stream.integer(longestHalt));
  }
  return halted;
}
