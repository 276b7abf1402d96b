import { RandomStream } from "./random.ts";

/** When a company is listed, in positions of the market's sessions. */
export interface Life {
  readonly first: number;
  /** The last session, that of the market while it trades. */
  readonly last: number;
  readonly end: LifeEnd | undefined;
}

/** How a life ends before the market does. */
export interface LifeEnd {
  readonly reason: "takeover" | "failure";
  /** The session on which a takeover is announced; undefined for a failure. */
  readonly announced: number | undefined;
  /** What is still earned after the last close, a fraction. */
  readonly return: number;
}

/** How often ordinary companies come and go; the special listings keep their dates. */
export interface Turnover {
  /** Share of companies that are listed after the market's first session, within its first 70 %. */
  readonly lateStarts: number;
  /** Expected delistings a company and year (252 sessions). */
  readonly delistingsPerYear: number;
}

const yearSessions = 252;
/** Nobody leaves sooner. */
const shortestLife = 60;

/** Draws when a company comes and how it goes. */
export function drawLife(seed: number, index: number, count: number, turnover: Turnover): Life {
  const stream = new RandomStream(seed, `life/${index}`);
  const late = stream.chance(turnover.lateStarts);
  const first = late ? stream.integer(Math.ceil(0.7 * count)) : 0;
  const years =
    turnover.delistingsPerYear > 0 ? stream.exponential(1 / turnover.delistingsPerYear) : Infinity;
  const last = first + shortestLife + Math.floor(years * yearSessions);
  if (last >= count - 1) return { first, last: count - 1, end: undefined };
  return { first, last, end: drawEnd(stream, last, stream.chance(0.6) ? "takeover" : "failure") };
}

/** The first of two companies that use one ticker: gone after the first third of the market. */
export function lifeOfFirstOwner(seed: number, index: number, count: number): Life {
  const last = Math.floor(0.3 * count);
  const stream = new RandomStream(seed, `life/${index}`);
  return { first: 0, last, end: drawEnd(stream, last, "failure") };
}

/** The second of them: listed from 60 % of the market on. */
export function lifeOfSecondOwner(count: number): Life {
  return { first: Math.floor(0.6 * count), last: count - 1, end: undefined };
}

function drawEnd(stream: RandomStream, last: number, reason: LifeEnd["reason"]): LifeEnd {
  return reason === "takeover"
    ? { reason, announced: last - 20 - stream.integer(40), return: stream.between(0, 0.02) }
    : { reason, announced: undefined, return: stream.between(-1, -0.3) };
}
