import { mean } from "../../moments.ts";

/** Consecutive days that one point of a chart stands for: `ends[k]` is one beyond the last day of bucket k. */
export interface Buckets {
  /** Days a bucket; the first may hold fewer, so that the last ends with the last day. */
  readonly size: number;
  readonly ends: Int32Array;
}

/** Splits a number of days into at most `most` buckets of one size. */
export function buckets(days: number, most: number): Buckets {
  const size = Math.max(1, Math.ceil(days / most));
  const count = Math.ceil(days / size);
  return {
    size,
    ends: Int32Array.from({ length: count }, (_, k) => days - (count - 1 - k) * size),
  };
}

/** The value of each bucket's last day: right for what accumulates or moves slowly. */
export function lastOf<Value>({ ends }: Buckets, values: ArrayLike<Value>): Value[] {
  return Array.from(ends, (end) => values[end - 1]!);
}

/** The lowest defined value of each bucket, NaN without any: no trough is lost. */
export function lowestOf(split: Buckets, values: Float64Array): number[] {
  return reduced(split, values, (slice) => slice.reduce((a, b) => Math.min(a, b), Infinity));
}

/** The mean of the defined values of each bucket, NaN without any. */
export function meanOf(split: Buckets, values: Float64Array): number[] {
  return reduced(split, values, mean);
}

function reduced(
  { ends }: Buckets,
  values: Float64Array,
  reduce: (slice: Float64Array) => number,
): number[] {
  return Array.from(ends, (end, k) => {
    const slice = values.subarray(k === 0 ? 0 : ends[k - 1], end);
    const defined = slice.filter((value) => !Number.isNaN(value));
    return defined.length === 0 ? NaN : reduce(defined);
  });
}
