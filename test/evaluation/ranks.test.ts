import assert from "node:assert/strict";
import fc from "fast-check";
import { ArgSort } from "../../shared/evaluation/argsort.ts";
import { averageRanks, rankCorrelation, tieTerm } from "../../shared/evaluation/ranks.ts";

function ranksOf(values: Float64Array): { ranks: Float64Array; squares: number } {
  const ranks = new Float64Array(values.length);
  const order = new ArgSort(values.length).sort(values, values.length);
  return { squares: averageRanks(values, order, ranks), ranks };
}

function spearman(a: Float64Array, b: Float64Array): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const products = x.ranks.reduce((sum, rank, at) => sum + rank * y.ranks[at]!, 0);
  return rankCorrelation(products, a.length, x.squares, y.squares);
}

describe("ranks", () => {
  it("are scipy's rankdata example: 0, 2, 3, 2 rank 1, 2.5, 4, 2.5", () => {
    assert.deepEqual([...ranksOf(Float64Array.of(0, 2, 3, 2)).ranks], [1, 2.5, 4, 2.5]);
  });

  it("without ties are a permutation that keeps the order, and square to (n^3 - n) / 12", () => {
    const distinct = fc.uniqueArray(fc.double({ noNaN: true }), {
      minLength: 1,
      maxLength: 60,
      comparator: "SameValueZero",
    });
    fc.assert(
      fc.property(distinct, (list) => {
        const values = Float64Array.from(list);
        const { ranks, squares } = ranksOf(values);
        assert.deepEqual(
          [...ranks].sort((a, b) => a - b),
          list.map((_, at) => at + 1),
        );
        for (const [i, a] of list.entries()) {
          for (const [j, b] of list.entries()) if (a < b) assert.ok(ranks[i]! < ranks[j]!);
        }
        assert.equal(squares, tieTerm(list.length) / 12);
      }),
    );
  });

  it("always add to n (n + 1) / 2, and their squares are what is summed by hand", () => {
    const tied = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(tied, (list) => {
        const { ranks, squares } = ranksOf(Float64Array.from(list));
        const n = list.length;
        assert.equal(
          ranks.reduce((a, b) => a + b),
          (n * (n + 1)) / 2,
        );
        assert.equal(
          ranks.reduce((sum, rank) => sum + (rank - (n + 1) / 2) ** 2, 0),
          squares,
        );
      }),
    );
  });

  it("correlate to 1 with themselves and -1 reversed, and never beyond", () => {
    const lists = fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(lists, (pairs) => {
        const a = Float64Array.from(pairs, ([x]) => x);
        const b = Float64Array.from(pairs, ([, y]) => y);
        const rho = spearman(a, b);
        if (!Number.isNaN(rho)) assert.ok(rho >= -1 && rho <= 1);
        if (new Set(a).size > 1) {
          assert.ok(Math.abs(spearman(a, a) - 1) < 1e-12);
          assert.ok(
            Math.abs(
              spearman(
                a,
                a.map((x) => -x),
              ) + 1,
            ) < 1e-12,
          );
        }
      }),
    );
  });

  it("have no correlation for one name, or where one side is all ties", () => {
    assert.ok(Number.isNaN(spearman(Float64Array.of(1), Float64Array.of(1))));
    assert.ok(Number.isNaN(spearman(Float64Array.of(1, 2, 3), Float64Array.of(5, 5, 5))));
  });
});
