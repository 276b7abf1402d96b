import assert from "node:assert/strict";

/**
 * Asserts that a number is `expected` to `relative` of its size; the default leaves room for rounding only.
 */
export function assertClose(actual: number | undefined, expected: number, relative = 1e-12): void {
  const close = Math.abs(actual! - expected) <= relative * Math.abs(expected);
  assert.ok(close, `expected ${expected} to ${relative} relative, got ${actual ?? "nothing"}`);
}

/** Asserts the same bits in the same places, all NaN being alike. */
export function assertSameBits(actual: Float64Array, expected: Float64Array): void {
  const at = expected.findIndex((value, index) => !Object.is(value, actual[index]));
  assert.ok(
    at === -1,
    `expected ${expected[at] ?? "nothing"} at ${at}, got ${actual[at] ?? "nothing"}`,
  );
  assert.equal(actual.length, expected.length);
}
