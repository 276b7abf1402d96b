/** A series of one value, with others at the positions named. */
export function series(
  length: number,
  value: number,
  exceptions: Readonly<Record<number, number>> = {},
): Float64Array {
  const values = new Float64Array(length).fill(value);
  for (const [at, exception] of Object.entries(exceptions)) values[Number(at)] = exception;
  return values;
}

/** A series that repeats a pattern from position 0 on. */
export function repeating(length: number, pattern: readonly number[]): Float64Array {
  return Float64Array.from({ length }, (_, at) => pattern[at % pattern.length]!);
}

/** `values` without those at the first `count` positions. */
export function withoutFirst(values: Float64Array, count: number): Float64Array {
  return values.map((value, at) => (at < count ? NaN : value));
}
