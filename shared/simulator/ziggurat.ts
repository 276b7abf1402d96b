import type { RandomStream } from "./random.ts";

/**
 * The ziggurat of Marsaglia and Tsang (2000) for the normal distribution: 128 layers of equal area, so that 98 of 100
 * draws cost one table look-up. The layer and the place in it come from different bits (Doornik 2005).
 */
const layers = 128;
/** Where the tail begins. */
const tail = 3.442_619_855_899;
/** The area of each layer. */
const area = 9.912_563_035_262_17e-3;
/** The place in a layer has 25 bits with its sign. */
const steps = 2 ** 24;

const edges = new Float64Array(layers + 1);
const heights = new Float64Array(layers + 1);
edges[0] = area / density(tail);
edges[1] = tail;
heights[1] = density(tail);
for (let layer = 2; layer < layers; layer++) {
  heights[layer] = area / edges[layer - 1]! + heights[layer - 1]!;
  edges[layer] = Math.sqrt(-2 * Math.log(heights[layer]!));
}
heights[layers] = 1;
const scales = edges.map((edge) => edge / steps);

function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

/** Draws a standard normal. */
export function normal(stream: RandomStream): number {
  while (true) {
    const word = stream.next();
    const layer = word & (layers - 1);
    const x = ((word >> 7) + 0.5) * scales[layer]!;
    const distance = x < 0 ? -x : x;
    if (distance < edges[layer + 1]!) return x;
    if (layer === 0) return x < 0 ? -beyond(stream) : beyond(stream);
    const low = heights[layer]!;
    if (low + (heights[layer + 1]! - low) * stream.uniform() < density(x)) return x;
  }
}

/** A draw from the tail beyond the last layer (Marsaglia 1964). */
function beyond(stream: RandomStream): number {
  while (true) {
    const over = -Math.log(stream.uniform()) / tail;
    if (-2 * Math.log(stream.uniform()) > over * over) return tail + over;
  }
}
