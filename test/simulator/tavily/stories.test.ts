import assert from "node:assert/strict";
import { spearman } from "../../../shared/evaluation/spearman.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { deskOf, storiesOf } from "../../../shared/simulator/tavily/stories.ts";

const market = simulateMarket({
  seed: 4,
  securities: 200,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
});

/** Words of the simulated press by what they mean. */
const good = /rose after|beat expectations|raised its outlook|won a large/;
const bad = /fell after|missed expectations|cut its outlook|lost a large/;

describe("the simulated press", () => {
  /** Tone of each desk's stories and the move of the five sessions after the next close, and of the session before. */
  const of = { insight: [[], [], []], wire: [[], [], []] } as Record<
    "insight" | "wire",
    [number[], number[], number[]]
  >;
  before(() => {
    for (const listing of market.listings) {
      const { bars } = market.history(listing);
      const at = new Map<string, number>();
      bars.session.forEach((session, bar) => at.set(market.sessions[session]!, bar));
      for (const { url, title } of storiesOf(market, listing)) {
        const [, day] = /\/(\d{4}-\d{2}-\d{2})-/.exec(url) ?? [];
        const bar = at.get(day!)!;
        const [from, to] = [bars.close[bar + 1], bars.close[bar + 6]];
        if (from === undefined || to === undefined || url.includes("daily.")) continue;
        const [tones, next, before] = of[deskOf(listing)];
        tones.push(good.test(title) ? 1 : bad.test(title) ? -1 : 0);
        next.push(to / from - 1);
        before.push(bars.close[bar - 1]! / bars.close[bar - 2]! - 1);
      }
    }
  });

  it("has a desk whose tone leads returns, and one whose tone knows nothing of them", () => {
    const { insight, wire } = of;
    assert.ok(insight[0].length > 3000 && wire[0].length > 3000);
    const ledBy = (desk: typeof insight): number =>
      spearman(Float64Array.from(desk[0]), Float64Array.from(desk[1]))!;
    // Seven of ten have the sign of the move.
    assert.ok(ledBy(insight) > 0.2, String(ledBy(insight)));
    assert.ok(Math.abs(ledBy(wire)) < 0.05, String(ledBy(wire)));
    for (const desk of [insight, wire]) {
      assert.ok(Math.abs(spearman(Float64Array.from(desk[0]), Float64Array.from(desk[2]))!) < 0.06);
    }
  });
});
