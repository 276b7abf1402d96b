import assert from "node:assert/strict";
import { CrossSection } from "../../shared/evaluation/cross-section.ts";
import { quantileEdges } from "../../shared/evaluation/quantiles.ts";

function cut(values: readonly number[], quantiles: number): number[] | undefined {
  const section = new CrossSection(values.length, quantiles);
  section.select(Float64Array.from(values), new Uint8Array(values.length).fill(1));
  return section.rank() ? [...section.quantileOf] : undefined;
}

describe("quantiles", () => {
  it("have NumPy's edges: np.quantile([1, 2, 3, 4], [0, .25, .5, .75, 1])", () => {
    assert.deepEqual([...quantileEdges(Float64Array.of(1, 2, 3, 4), 4)], [1, 1.75, 2.5, 3.25, 4]);
  });

  it("put a value on an edge below it: pd.qcut(range(5), 4) is 0, 0, 1, 2, 3", () => {
    // The example of pandas' documentation: the edges are 0, 1, 2, 3, 4.
    assert.deepEqual(cut([0, 1, 2, 3, 4], 4), [1, 1, 2, 3, 4]);
  });

  it("follow NumPy's arithmetic where 3 * 0.2 is more than 0.6", () => {
    // 81 names, 5 quantiles: the edges stand at places 16, 32, 48.00000000000001 and 64. The third edge lies a hair above
    // the value at place 48, which therefore stays in quantile 3; so do 16 of 81 names, as in pandas.
    const names = Array.from({ length: 81 }, (_, at) => at);
    const sizes = [1, 2, 3, 4, 5].map((q) => cut(names, 5)!.filter((c) => c === q).length);
    assert.deepEqual(sizes, [17, 16, 16, 16, 16]);
  });

  it("do not exist where two edges coincide", () => {
    assert.equal(cut([1, 1, 1, 1, 2], 5), undefined);
    assert.equal(cut([3, 3], 2), undefined);
  });

  it("may stay empty: two names in five quantiles stand at both ends", () => {
    assert.deepEqual(cut([1, 2], 5), [1, 5]);
  });

  it("leave out names without a value or without returns, and count the values", () => {
    const section = new CrossSection(5, 2);
    section.select(Float64Array.of(5, NaN, 1, Infinity, 3), Uint8Array.of(1, 1, 0, 1, 1));
    assert.equal(section.valuesIn, 3);
    assert.ok(section.rank());
    assert.deepEqual([...section.quantileOf], [2, 0, 0, 0, 1]);
    assert.deepEqual([...section.rankOf], [2, 0, 0, 0, 1]);
  });
});
