import type { CrossSection } from "./cross-section.ts";
import { clamp, rankCorrelation } from "./ranks.ts";

/** How much a factor's ranking changes over one horizon, as means over days. */
export interface Turnover {
  /** Kept days between the two looks. */
  readonly horizon: number;
  /** By quantile, lowest first: share of today's names that were not in it then; NaN where no two days compare. */
  readonly quantiles: readonly number[];
  /** Correlation of ranks over names present on both days; NaN where no two days compare. */
  readonly rankAutocorrelation: number;
}

/** What is remembered of a kept day. */
interface Past {
  /** Columns that have a row, ascending. */
  readonly assets: Int32Array;
  /** By column, 0 where it has no row. */
  readonly quantileOf: Uint8Array;
  readonly rankOf: Float32Array;
  readonly rankSquares: number;
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#sum += value;
    this.#count++;
  }

  get value(): number {
    return this.#count === 0 ? NaN : this.#sum / this.#count;
  }
}

/** Compares each kept day with the one `horizon` kept days before it, as alphalens' `quantile_turnover` does. */
export class TurnoverTracker {
  readonly #horizons: readonly number[];
  readonly #longest: number;
  /** The last kept days, the latest last. */
  readonly #past: Past[] = [];
  /** By quantile: the last kept days on which it has names. */
  readonly #pastOf: Past[][];
  readonly #turnover: readonly (readonly Mean[])[];
  readonly #autocorrelation: readonly Mean[];

  constructor(horizons: readonly number[], quantiles: number) {
    this.#horizons = horizons;
    this.#longest = Math.max(...horizons);
    this.#pastOf = Array.from({ length: quantiles }, () => []);
    this.#turnover = horizons.map(() => Array.from({ length: quantiles }, () => new Mean()));
    this.#autocorrelation = horizons.map(() => new Mean());
  }

  /** Takes the next kept day, ranked. */
  add(section: CrossSection): void {
    const now: Past = {
      assets: section.assets.slice(0, section.count),
      quantileOf: section.quantileOf.slice(),
      rankOf: section.rankOf.slice(),
      rankSquares: section.rankSquares,
    };
    for (const [h, horizon] of this.#horizons.entries()) {
      for (const [at, mean] of this.#turnover[h]!.entries()) {
        const then = this.#pastOf[at]!.at(-horizon);
        if (then) mean.add(shareOfNew(section, at, then));
      }
      const then = this.#past.at(-horizon);
      if (then) this.#autocorrelation[h]!.add(autocorrelation(now, then));
    }
    for (const [at, past] of this.#pastOf.entries()) {
      if (section.quantileStarts[at + 1]! > section.quantileStarts[at]!) this.#push(past, now);
    }
    this.#push(this.#past, now);
  }

  #push(past: Past[], now: Past): void {
    past.push(now);
    if (past.length > this.#longest) past.shift();
  }

  finish(): Turnover[] {
    return this.#horizons.map((horizon, h) => ({
      horizon,
      quantiles: this.#turnover[h]!.map((mean) => mean.value),
      rankAutocorrelation: this.#autocorrelation[h]!.value,
    }));
  }
}

/** Share of a quantile's names that were not in it then; NaN for a quantile without names. */
function shareOfNew({ byFactor, quantileStarts }: CrossSection, at: number, then: Past): number {
  const [from, to] = [quantileStarts[at]!, quantileStarts[at + 1]!];
  const { quantileOf } = then;
  const quantile = at + 1;
  let stayed = 0;
  for (let place = from; place < to; place++) {
    stayed += quantileOf[byFactor[place]!] === quantile ? 1 : 0;
  }
  return (to - from - stayed) / (to - from);
}

/** Correlation of full-day ranks over columns that have one on both days. */
function autocorrelation(now: Past, then: Past): number {
  if (Buffer.compare(bytesOf(now.assets), bytesOf(then.assets)) !== 0) {
    return correlation(now.rankOf, then.rankOf);
  }
  let products = 0;
  for (let asset = 0; asset < now.rankOf.length; asset++) {
    products += now.rankOf[asset]! * then.rankOf[asset]!;
  }
  return rankCorrelation(products, now.assets.length, now.rankSquares, then.rankSquares);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Pearson's correlation over columns that have a rank in both; NaN for fewer than 2 or without variance. */
function correlation(a: Float32Array, b: Float32Array): number {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let asset = 0; asset < a.length; asset++) {
    const x = a[asset]!;
    const y = b[asset]!;
    if (x === 0 || y === 0) continue;
    n++;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  // Ranks are half-integers: these sums, and the differences below, lose nothing.
  const squaresA = n * sumAA - sumA * sumA;
  const squaresB = n * sumBB - sumB * sumB;
  if (n < 2 || squaresA <= 0 || squaresB <= 0) return NaN;
  return clamp((n * sumAB - sumA * sumB) / Math.sqrt(squaresA) / Math.sqrt(squaresB));
}
