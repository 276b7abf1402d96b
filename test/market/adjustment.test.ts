import assert from "node:assert/strict";
import fc from "fast-check";
import {
  backAdjusted,
  forwardFactors,
  type CorporateAction,
  type DividendFormula,
} from "../../shared/market/adjustment.ts";
import { dayNumber, fromDayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";

/** Closes of Monday 2024-06-03, Tuesday 4th, Thursday 6th and Friday 7th; there is no bar of Wednesday. */
const days = Int32Array.from(
  ["2024-06-03", "2024-06-04", "2024-06-06", "2024-06-07"].map((day) =>
    dayNumber(parseTradingDay(day)),
  ),
);
const bars = (...closes: number[]) => ({ days, closes: Float64Array.from(closes) });

const on = (kind: CorporateAction["kind"], day: string, value: number): CorporateAction => ({
  kind,
  exDate: parseTradingDay(day),
  value,
});

function factors(
  closes: readonly number[],
  actions: readonly CorporateAction[],
  formula?: DividendFormula,
): { split: number[]; totalReturn: number[] } {
  const { split, totalReturn } = forwardFactors(bars(...closes), actions, formula);
  return { split: [...split], totalReturn: [...totalReturn] };
}

const near = (actual: readonly number[], expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, at) => {
    assert.ok(Math.abs(actual[at]! / value - 1) < 1e-15, `${at}: ${actual[at]!} for ${value}`);
  });
};

describe("forward adjustment", () => {
  it("leaves the first bar as traded, and multiplies by a split's ratio from its ex-date on", () => {
    const { split, totalReturn } = factors([100, 110, 56, 57], [on("split", "2024-06-06", 2)]);
    assert.deepEqual(split, [1, 1, 2, 2]);
    assert.deepEqual(totalReturn, [1, 1, 2, 2]);
  });

  it("divides by the ratio of a reverse split", () => {
    const { split } = factors([0.5, 5.2, 5.3, 5.4], [on("split", "2024-06-04", 1 / 10)]);
    assert.deepEqual(split, [1, 0.1, 0.1, 0.1]);
  });

  it("reinvests a dividend at the close of its ex-date", () => {
    // 100, then 99 and 1 paid: (99 + 1) / 99 shares for one, worth 100 again.
    const { split, totalReturn } = factors([100, 99, 98, 97], [on("dividend", "2024-06-04", 1)]);
    assert.deepEqual(split, [1, 1, 1, 1]);
    near(totalReturn, [1, 100 / 99, 100 / 99, 100 / 99]);
    assert.equal(99 * totalReturn[1]!, 100);
  });

  it("takes a dividend off the close before, as CRSP and Yahoo do", () => {
    // 100 / (100 - 1), whatever the close of the ex-date is.
    const dividend = [on("dividend", "2024-06-04", 1)];
    near(factors([100, 99, 98, 97], dividend, "previous-close").totalReturn, [
      1,
      100 / 99,
      100 / 99,
      100 / 99,
    ]);
    near(factors([100, 50, 98, 97], dividend, "previous-close").totalReturn, [
      1,
      100 / 99,
      100 / 99,
      100 / 99,
    ]);
  });

  it("takes a split before a dividend of the same day, which is paid on new shares", () => {
    const both = [on("dividend", "2024-06-04", 0.5), on("split", "2024-06-04", 2)];
    // 2 new shares at 51, each with 0.50: 2 x 51.5 / 51.
    const exClose = factors([100, 51, 51, 51], both);
    assert.deepEqual(exClose.split, [1, 2, 2, 2]);
    near(exClose.totalReturn, [1, (2 * 51.5) / 51, (2 * 51.5) / 51, (2 * 51.5) / 51]);
    // The close before is 50 a new share: 2 x 50 / 49.5.
    const previous = factors([100, 51, 51, 51], both, "previous-close").totalReturn;
    near(previous, [1, 100 / 49.5, 100 / 49.5, 100 / 49.5]);
  });

  it("lets an event of a day without a bar take effect on the next bar", () => {
    assert.deepEqual(
      factors([100, 100, 50, 50], [on("split", "2024-06-05", 2)]).split,
      [1, 1, 2, 2],
    );
    const { totalReturn } = factors([100, 100, 98, 98], [on("dividend", "2024-06-05", 2)]);
    near(totalReturn, [1, 1, 100 / 98, 100 / 98]);
  });

  it("counts a dividend of a day without a bar on the shares of that day, before a later split", () => {
    // Wednesday: 2 a share at 100. Thursday: 2 for 1, so 1 a new share; the close of 49 makes (49 + 1) / 49 x 2.
    const actions = [on("split", "2024-06-06", 2), on("dividend", "2024-06-05", 2)];
    const expected = [1, 1, 100 / 49, 100 / 49];
    near(factors([100, 100, 49, 49], actions).totalReturn, expected);
    near(factors([100, 100, 49, 49], actions, "previous-close").totalReturn, expected);
  });

  it("adds what is paid on one day, capital gains included", () => {
    const paid = [on("dividend", "2024-06-04", 1), on("capital_gain", "2024-06-04", 3)];
    near(factors([100, 96, 96, 96], paid).totalReturn, [1, 100 / 96, 100 / 96, 100 / 96]);
  });

  it("knows nothing of events before or on the first bar, after the last, and of delistings", () => {
    const none = [1, 1, 1, 1];
    const events = [
      on("split", "2024-05-31", 2),
      on("dividend", "2024-06-03", 1),
      on("split", "2024-06-10", 2),
      on("delisting", "2024-06-06", -0.5),
    ];
    assert.deepEqual(factors([10, 10, 10, 10], events), { split: none, totalReturn: none });
    assert.deepEqual(factors([], []), { split: [], totalReturn: [] });
  });

  it("leaves out a distribution that no price can pay", () => {
    const asMuch = [on("dividend", "2024-06-04", 100)];
    assert.deepEqual(factors([100, 1, 1, 1], asMuch, "previous-close").totalReturn, [1, 1, 1, 1]);
    const taken = [on("dividend", "2024-06-04", -2)];
    assert.deepEqual(factors([100, 1, 1, 1], taken).totalReturn, [1, 1, 1, 1]);
    const nothing = [on("dividend", "2024-06-04", NaN)];
    assert.deepEqual(factors([100, 1, 1, 1], nothing).totalReturn, [1, 1, 1, 1]);
  });
});

describe("forward adjustment, whatever happens", () => {
  const first = dayNumber(parseTradingDay("2020-01-01"));
  const closes = fc.array(fc.double({ min: 1, max: 500, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  const action = fc
    .record({
      kind: fc.constantFrom("split", "dividend", "capital_gain"),
      day: fc.integer({ min: -5, max: 80 }),
      size: fc.integer({ min: 1, max: 8 }),
    })
    .map(({ kind, day, size }): CorporateAction => ({
      kind,
      exDate: fromDayNumber(first + day),
      value: kind === "split" ? size / 2 : size / 100,
    }));
  const formula = fc.constantFrom<DividendFormula>("ex-close", "previous-close");
  /** Every second day has a bar. */
  const traded = (values: readonly number[]) => ({
    days: Int32Array.from(values, (_, at) => first + 2 * at),
    closes: Float64Array.from(values),
  });

  it("no later event changes an earlier number, to the bit", () => {
    fc.assert(
      fc.property(closes, fc.array(action), action, formula, (values, actions, later, how) => {
        const before = forwardFactors(traded(values), actions, how);
        const after = forwardFactors(traded(values), [later, ...actions], how);
        const known = traded(values).days.filter((day) => day < dayNumber(later.exDate)).length;
        assert.deepEqual(
          after.totalReturn.subarray(0, known),
          before.totalReturn.subarray(0, known),
        );
        assert.deepEqual(after.split.subarray(0, known), before.split.subarray(0, known));
      }),
    );
  });

  it("a series cut short has the same numbers, and the order of the events does not matter", () => {
    fc.assert(
      fc.property(closes, fc.array(action), fc.nat(), formula, (values, actions, cut, how) => {
        const whole = forwardFactors(traded(values), actions, how).totalReturn;
        const part = values.slice(0, cut % values.length);
        const reversed = forwardFactors(traded(part), actions.toReversed(), how).totalReturn;
        reversed.forEach((value, at) => {
          assert.ok(Math.abs(value / whole[at]! - 1) < 1e-14);
        });
      }),
    );
  });

  it("neighbouring values of close x factor are the total return of the day", () => {
    // Every event on a day with a bar: what one share becomes is ratio x (close + paid).
    const onBars = action.map((one) => ({
      ...one,
      exDate: fromDayNumber(first + 2 * Math.floor((dayNumber(one.exDate) - first) / 2)),
    }));
    fc.assert(
      fc.property(closes, fc.array(onBars), (values, actions) => {
        const { totalReturn } = forwardFactors(traded(values), actions);
        for (let bar = 1; bar < values.length; bar++) {
          const today = actions.filter(({ exDate }) => dayNumber(exDate) === first + 2 * bar);
          const ratio = today.reduce((r, one) => (one.kind === "split" ? r * one.value : r), 1);
          const paid = today.reduce((p, one) => (one.kind === "split" ? p : p + one.value), 0);
          const expected = (ratio * (values[bar]! + paid)) / values[bar - 1]!;
          const actual =
            (values[bar]! * totalReturn[bar]!) / (values[bar - 1]! * totalReturn[bar - 1]!);
          assert.ok(Math.abs(actual / expected - 1) < 1e-12, `bar ${bar}`);
        }
      }),
    );
  });
});

describe("backAdjusted", () => {
  it("leaves the last bar as traded and divides earlier ones by what came after", () => {
    const forward = Float64Array.of(1, 1, 2, 4);
    const adjusted = backAdjusted(Float64Array.of(80, 84, 42, 21), forward);
    assert.deepEqual([...adjusted], [20, 21, 21, 21]);
    assert.deepEqual([...backAdjusted(new Float64Array(), new Float64Array())], []);
  });
});
