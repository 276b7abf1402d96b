import { addDays, parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import type { DayTable } from "../../../shared/evaluation/tables.ts";

/** A small market with a factor that is known to work, and some that are not. */
export interface SampleMarket {
  readonly prices: DayTable;
  readonly groups: { readonly of: Int32Array; readonly names: readonly string[] };
  /** Its value at d raises the expected return after d. */
  readonly planted: DayTable;
  /** The opposite of the planted one, with noise of its own: works with a minus. */
  readonly reversed: DayTable;
  /** Nothing but noise that changes slowly. */
  readonly slowNoise: DayTable;
  /** A trace of the planted one under much noise. */
  readonly trace: DayTable;
}

/** Uniform numbers in (0, 1), the same for the same seed: mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Standard normal numbers by Box and Muller. */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

/** Weekdays from a Monday on. */
export function weekdays(count: number, first = "2015-01-05"): TradingDay[] {
  const monday = parseTradingDay(first);
  return Array.from({ length: count }, (_, at) =>
    addDays(monday, Math.floor(at / 5) * 7 + (at % 5)),
  );
}

/** Makes the market. A few names start late and a few end early, so that coverage moves. */
export function sampleMarket(assets = 60, dayCount = 520, seed = 7): SampleMarket {
  const random = normal(seed);
  const days = weekdays(dayCount);
  const names = Array.from({ length: assets }, (_, at) => `A${String(at).padStart(3, "0")}`);
  const table = (): DayTable => ({
    days,
    assets: names,
    values: new Float64Array(dayCount * assets).fill(NaN),
  });
  const [prices, planted, reversed] = [table(), table(), table()];
  const [slowNoise, trace] = [table(), table()];
  const groups = ["Energy", "Materials & mining", "Software", "Utilities"];
  for (let asset = 0; asset < assets; asset++) {
    const start = asset % 10 === 3 ? Math.floor(dayCount / 5) : 0;
    const end = asset % 15 === 4 ? Math.floor(dayCount * 0.8) : dayCount;
    let [price, signal, slow] = [20 + 60 * Math.abs(random()), random(), random()];
    for (let day = 0; day < dayCount; day++) {
      const shock = 0.015 * random();
      const market = 0.0003 + 0.004 * Math.sin(day * 12.9898);
      price *= 1 + market + shock + 0.00035 * signal;
      signal = 0.95 * signal + Math.sqrt(1 - 0.95 ** 2) * random();
      slow = 0.98 * slow + Math.sqrt(1 - 0.98 ** 2) * random();
      const at = day * assets + asset;
      const noise = random();
      if (day < start || day >= end) continue;
      prices.values[at] = price;
      planted.values[at] = signal;
      reversed.values[at] = -0.7 * signal + 0.7 * noise;
      slowNoise.values[at] = slow;
      trace.values[at] = 0.25 * signal + noise;
    }
  }
  const of = Int32Array.from({ length: assets }, (_, asset) => asset % groups.length);
  return { prices, groups: { of, names: groups }, planted, reversed, slowNoise, trace };
}
