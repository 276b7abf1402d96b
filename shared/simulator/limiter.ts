import { InvalidInput } from "../errors.ts";
import { secondMs } from "../units.ts";

/** How many requests a simulated vendor bears. */
export interface Limit {
  /** Requests answered in any rolling second, 1 or more. */
  readonly perSecond: number;
  /** How long everything is refused after one request too many, ms; default 0. */
  readonly banMs?: number;
}

/** Admits a number of requests in any rolling second; refused ones do not count. */
export class Limiter {
  readonly #limit: Limit;
  /** When each of the last `perSecond` admitted requests came, as a ring. */
  readonly #admitted: Float64Array;
  #oldest = 0;
  #bannedUntil = -Infinity;

  /** @throws InvalidInput for a limit that is no positive whole number */
  constructor(limit: Limit) {
    if (!Number.isInteger(limit.perSecond) || limit.perSecond < 1) {
      throw new InvalidInput(
        `perSecond: expected a whole number from 1 on, got ${limit.perSecond}.`,
      );
    }
    this.#limit = limit;
    this.#admitted = new Float64Array(limit.perSecond).fill(-Infinity);
  }

  /** True when a request at an instant (ms, not before the last one's) is within the limit. */
  admit(nowMs: number): boolean {
    if (nowMs < this.#bannedUntil) return false;
    if (nowMs - this.#admitted[this.#oldest]! < secondMs) {
      this.#bannedUntil = nowMs + (this.#limit.banMs ?? 0);
      return false;
    }
    this.#admitted[this.#oldest] = nowMs;
    this.#oldest = (this.#oldest + 1) % this.#admitted.length;
    return true;
  }
}
