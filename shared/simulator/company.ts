import { RandomStream } from "./random.ts";
import { sectors, wordsOf, type Sector } from "./sectors.ts";

/** What a simulated company is: fixed for its life, drawn from its own stream. */
export interface Company {
  readonly name: string;
  /** Ten digits as a CIK has, from 9900000000 on, where EDGAR has none. */
  readonly issuer: string;
  /** Letters only; unique in a market. */
  readonly ticker: string;
  readonly sector: Sector;
  readonly exchange: "NYSE" | "Nasdaq";
  /** Exposure to the market factor. */
  readonly beta: number;
  /** Exposure to the sector's factor. */
  readonly sectorBeta: number;
  /** Daily idiosyncratic volatility where the climate's level is 1. */
  readonly volatility: number;
  /** Dollars, before the first session. */
  readonly firstPrice: number;
  /** Shares, before the first session. */
  readonly shares: number;
  /** Median fraction of the shares traded in a session. */
  readonly turnover: number;
  /** Dividends of a year per price; 0 pays none. */
  readonly dividendYield: number;
  /** Dollars above which the shares are split. */
  readonly splitAbove: number;
}

const firstIssuer = 9_900_000_000;

/** The number a company is drawn by, from its issuer. */
export function indexOfIssuer(issuer: string): number {
  return Number(issuer) - firstIssuer;
}

const beginnings = ["Al", "Bar", "Cor", "Dun", "El", "Fen", "Gar", "Hal", "Is", "Kes"] as const;
const middles = ["a", "e", "i", "o", "ber", "den", "li", "mo", "ro", "ta"] as const;
const ends = ["bury", "castle", "field", "ford", "gate", "mont", "ric", "ton", "vale", "wick"];

/** Draws one company. */
export function drawCompany(seed: number, index: number): Company {
  const stream = new RandomStream(seed, `company/${index}`);
  const sector = stream.pick(sectors);
  const size = stream.normal();
  const capitalisation = 2e9 * Math.exp(1.5 * size);
  const firstPrice = clamp(38 * Math.exp(0.35 * size + 0.6 * stream.normal()), 3, 500);
  const place = `${stream.pick(beginnings)}${stream.pick(middles)}${ends[index % ends.length]!}`;
  return {
    name: `${place} ${stream.pick(wordsOf(sector))}`,
    issuer: String(firstIssuer + index),
    ticker: tickerOf(seed, index),
    sector,
    exchange: stream.chance(0.5) ? "NYSE" : "Nasdaq",
    beta: clamp(1 + 0.3 * stream.normal(), 0.3, 1.8),
    sectorBeta: stream.between(0.7, 1.3),
    volatility: clamp(0.019 * Math.exp(0.3 * stream.normal() - 0.15 * size), 0.008, 0.045),
    firstPrice,
    shares: Math.round(capitalisation / firstPrice),
    turnover: 0.004 * Math.exp(0.15 * size + 0.4 * stream.normal()),
    dividendYield: stream.chance(0.5) ? stream.between(0.01, 0.04) : 0,
    splitAbove: stream.chance(0.8) ? stream.between(90, 260) : stream.between(500, 2500),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

const letters = 26;
const tickers = letters ** 4;
/** Odd and no multiple of 13, so that multiplying by it permutes the tickers. */
const stride = 178_481;

/** Four letters, different for each of 456,976 indices. */
function tickerOf(seed: number, index: number): string {
  const offset = new RandomStream(seed, "tickers").integer(tickers);
  let rest = (offset + index * stride) % tickers;
  let ticker = "";
  for (let place = 0; place < 4; place++) {
    ticker += String.fromCharCode(65 + (rest % letters));
    rest = Math.floor(rest / letters);
  }
  return ticker;
}
