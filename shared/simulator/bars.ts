import type { CorporateActions } from "./corporate-actions.ts";
import type { Company } from "./company.ts";
import type { Bars } from "./history.ts";
import type { RandomStream } from "./random.ts";

/** What turns returns into bars. */
export interface Tape {
  readonly company: Company;
  /** Position of the first session in the market's. */
  readonly first: number;
  /** Sessions of the life. */
  readonly count: number;
  /** 1 for a session without a bar. */
  readonly halted: Uint8Array;
  /** Volatility of each session of the life. */
  readonly level: Float64Array;
  /** Total return of each. */
  readonly returns: Float64Array;
  /** Price of this share class over that of the company's first, by session; undefined for the first. */
  readonly premium: Float64Array | undefined;
  /** Chance of this listing alone: overnight moves, ranges, volumes. */
  readonly stream: RandomStream;
}

/** Share of a day's return that is there at the open. */
const overnightShare = 0.4;
/** Noise of the open, in daily volatilities. */
const overnightNoise = 0.45;
/** Scale of the range beyond open and close, in daily volatilities. */
const rangeScale = 1.2;
/** Persistence of the logarithm of volume. */
const volumeMemory = 0.7;
const volumeNoise = 0.25;
/** What a move of one daily volatility adds to the logarithm of volume. */
const volumeOfMove = 0.3;

/** Walks the price through returns, splits and dividends, and writes a bar for each session with trading. */
export function writeBars(tape: Tape, actions: CorporateActions): Bars {
  const { company, count, first, halted, level, returns, premium, stream } = tape;
  const bars = allocate(count);
  const { session, open, high, low, close, volume } = bars;
  let price = company.firstPrice;
  let shares = company.shares;
  let activity = 0;
  let row = 0;
  for (let at = 0; at < count; at++) {
    const move = returns[at]!;
    if (halted[at] === 1) {
      price *= 1 + move;
      continue;
    }
    if (at >= actions.next) {
      const { ratio, dividend } = actions.decide(at, price);
      price = (price - dividend) / ratio;
      shares *= ratio;
    }
    const volatility = company.volatility * level[at]!;
    const scale = premium === undefined ? 1 : premium[at]!;
    const before = price;
    price *= 1 + move;
    const last = scale * price;
    const gap = overnightShare * move + overnightNoise * volatility * stream.normal();
    const start = scale * before * (1 + Math.max(-0.6, gap));
    const chance = stream.next();
    const above = (chance >>> 16) / 65_536;
    const below = (chance & 65_535) / 65_536;
    const top = (start > last ? start : last) * (1 + rangeScale * volatility * above * above);
    const bottom = (start < last ? start : last) * (1 - rangeScale * volatility * below * below);
    const size = move < 0 ? -move : move;
    activity = volumeMemory * activity + volumeNoise * stream.normal();
    const traded = Math.exp(activity + volumeOfMove * Math.min(4, size / volatility));
    session[row] = first + at;
    open[row] = toTick(start);
    high[row] = toTick(top);
    low[row] = toTick(bottom);
    close[row] = toTick(last);
    volume[row] = Math.round(shares * company.turnover * traded);
    row++;
  }
  return row === count ? bars : firstRows(bars, row);
}

/** Cents from a dollar on, hundredths of a cent below; keeps the order of prices. */
function toTick(price: number): number {
  return price >= 1 ? Math.round(price * 100) / 100 : Math.round(price * 10_000) / 10_000;
}

function allocate(count: number): Bars {
  return {
    session: new Int32Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
    volume: new Float64Array(count),
  };
}

function firstRows(bars: Bars, count: number): Bars {
  return {
    session: bars.session.slice(0, count),
    open: bars.open.slice(0, count),
    high: bars.high.slice(0, count),
    low: bars.low.slice(0, count),
    close: bars.close.slice(0, count),
    volume: bars.volume.slice(0, count),
  };
}
