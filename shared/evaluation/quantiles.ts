/**
 * The inner and outer edges of `count` equal quantiles of sorted values: linear interpolation between order statistics,
 * in the arithmetic of NumPy's `quantile` (Hyndman and Fan 1996, definition 7), so that a value on an edge falls on the
 * same side of it.
 *
 * @param sorted ascending, at least one value
 * @param quantiles how many, at least 1
 * @returns `quantiles + 1` edges
 */
export function quantileEdges(sorted: Float64Array, quantiles: number): Float64Array {
  const edges = new Float64Array(quantiles + 1);
  const step = 1 / quantiles;
  for (let edge = 0; edge <= quantiles; edge++) {
    const place = (edge === quantiles ? 1 : edge * step) * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    const share = place - below;
    const width = high - low;
    edges[edge] = share >= 0.5 ? high - width * (1 - share) : low + width * share;
  }
  return edges;
}
