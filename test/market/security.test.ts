import assert from "node:assert/strict";
import fc from "fast-check";
import {
  resolve,
  securityId,
  securityNumber,
  type Sighting,
  type TickerSpan,
} from "../../shared/market/security.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";

const day = (text: string) => parseTradingDay(text);
const next = securityId(9);

/** A security that trades as ABC. */
function span(number: number, from: string, to?: string, lastBar?: string): TickerSpan {
  return {
    securityId: securityId(number),
    ticker: "ABC",
    from: day(from),
    to: to === undefined ? undefined : day(to),
    lastBar: lastBar === undefined ? undefined : day(lastBar),
  };
}

function sighting(
  from: string,
  to: string,
  more: Partial<Record<"firstTrade" | "ended", string>> = {},
) {
  const { firstTrade, ended } = more;
  const seen: Sighting = {
    ticker: "ABC",
    from: day(from),
    to: day(to),
    firstTrade: firstTrade === undefined ? undefined : day(firstTrade),
    ended: ended === undefined ? undefined : day(ended),
  };
  return seen;
}

describe("resolve", () => {
  it("gives a ticker that nobody knows the next id, from its first day on", () => {
    assert.deepEqual(resolve(sighting("2015-01-02", "2016-12-30"), [], next), {
      fresh: { ...span(9, "2015-01-02"), lastBar: undefined },
      closes: undefined,
    });
  });

  it("takes the first trade and the end that a source tells for those of the ticker", () => {
    const seen = sighting("2015-01-02", "2016-12-30", {
      firstTrade: "2003-05-01",
      ended: "2016-12-30",
    });
    const resolution = resolve(seen, [], next);
    assert.deepEqual(resolution, {
      fresh: span(9, "2003-05-01", "2016-12-30"),
      closes: undefined,
    });
  });

  it("knows the same ticker again: the same days, later days, days around", () => {
    const known = span(1, "2015-01-02", undefined, "2016-12-30");
    for (const seen of [
      sighting("2015-01-02", "2016-12-30"),
      sighting("2017-01-03", "2017-06-30"),
      sighting("2010-01-04", "2018-06-29"),
      // A gap of years without a word of another company.
      sighting("2023-01-03", "2023-06-30"),
    ]) {
      assert.deepEqual(resolve(seen, [known], next), { known });
    }
  });

  it("knows the same company by a first trade before the last bar", () => {
    const known = span(1, "2015-01-02", undefined, "2016-12-30");
    const seen = sighting("2010-01-04", "2020-12-31", { firstTrade: "1980-12-12" });
    assert.deepEqual(resolve(seen, [known], next), { known });
  });

  it("tells a company that took the ticker over by its first trade, and ends the one before", () => {
    const known = span(1, "2010-01-04", undefined, "2013-01-02");
    const seen = sighting("2015-12-31", "2019-12-31", { firstTrade: "2015-12-31" });
    assert.deepEqual(resolve(seen, [known], next), {
      fresh: span(9, "2015-12-31"),
      closes: span(1, "2010-01-04", "2013-01-02", "2013-01-02"),
    });
  });

  it("tells it by days after the end of the one before, of which nothing is changed then", () => {
    const ended = span(1, "2010-01-04", "2013-01-02", "2013-01-02");
    assert.deepEqual(resolve(sighting("2015-12-31", "2019-12-31"), [ended], next), {
      fresh: span(9, "2015-12-31"),
      closes: undefined,
    });
  });

  it("gives an older company that comes later a span that ends with its prices", () => {
    // Nobody says when it ended; that the ticker was another's afterwards does.
    const known = span(1, "2015-12-31", undefined, "2019-12-31");
    assert.deepEqual(resolve(sighting("2010-01-04", "2013-01-02"), [known], next), {
      fresh: span(9, "2010-01-04", "2013-01-02"),
      closes: undefined,
    });
    const told = sighting("2010-01-04", "2013-01-02", { ended: "2013-02-01" });
    assert.deepEqual(resolve(told, [known], next), {
      fresh: span(9, "2010-01-04", "2013-02-01"),
      closes: undefined,
    });
  });

  it("finds the right one of several companies", () => {
    const first = span(1, "2000-01-03", "2005-06-30", "2005-06-30");
    const second = span(2, "2010-01-04", undefined, "2019-12-31");
    const both = [first, second];
    assert.deepEqual(resolve(sighting("2003-01-02", "2004-12-31"), both, next), { known: first });
    assert.deepEqual(resolve(sighting("2018-01-02", "2020-12-31"), both, next), { known: second });
    const between = resolve(sighting("2006-01-03", "2008-12-31"), both, next);
    assert.deepEqual(between, { fresh: span(9, "2006-01-03", "2008-12-31"), closes: undefined });
  });

  it("believes no first trade against a security without a bar", () => {
    const known = span(1, "2010-01-04");
    const seen = sighting("2015-12-31", "2019-12-31", { firstTrade: "2015-12-31" });
    assert.deepEqual(resolve(seen, [known], next), { known });
  });
});

describe("a security's id", () => {
  it("is S and six digits, or more, and gives its number back", () => {
    assert.equal(securityId(123), "S000123");
    assert.equal(securityId(1_234_567), "S1234567");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (number) => {
        assert.equal(securityNumber(securityId(number)), number);
      }),
    );
  });
});
