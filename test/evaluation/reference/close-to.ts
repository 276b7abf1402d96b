import assert from "node:assert/strict";

/** Largest difference of parity with a reference implementation, relative. */
export const parity = 1e-9;

/** Asserts that two numbers agree to 1e-9 relative; null and NaN agree with each other alone. */
export function closeTo(actual: number | null, expected: number | null, what: string): void {
  if (expected === null || Number.isNaN(expected)) {
    assert.ok(
      actual === null || Number.isNaN(actual),
      `${what}: expected nothing, got ${String(actual)}`,
    );
    return;
  }
  // Where the exact answer is 0 both sides have nothing but rounding.
  const within = expected === 0 ? 1e-14 : parity * Math.abs(expected);
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= within,
    `${what}: expected ${expected}, got ${String(actual)}`,
  );
}

/** Asserts it of two lists of the same length. */
export function allCloseTo(
  actual: ArrayLike<number | null>,
  expected: ArrayLike<number | null>,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: how many`);
  for (let at = 0; at < expected.length; at++)
    closeTo(actual[at]!, expected[at]!, `${what} [${at}]`);
}
