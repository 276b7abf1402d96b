import { RandomStream } from "./random.ts";

/** Daily standard deviation of the premium's move. */
const premiumVolatility = 0.0008;

/** The price of a second share class over the first's, by session of the life: a random walk of small steps from 0.97. */
export function drawPremium(seed: number, listingId: number, count: number): Float64Array {
  const out = new Float64Array(count);
  new RandomStream(seed, `premium/${listingId}`).fillNormal(out);
  let premium = 0.97;
  for (let at = 0; at < count; at++) {
    premium *= 1 + premiumVolatility * out[at]!;
    out[at] = premium;
  }
  return out;
}
