import type { Note, Statistic } from "./result.ts";

/** Collects, for every statistic that is undefined, where it stands and why. */
export class Notes {
  readonly #notes: Note[] = [];

  /** The value, or null with a note of its reason when it is not a finite number. */
  statistic(path: string, value: number, reason: string): Statistic {
    if (Number.isFinite(value)) return value;
    this.add(path, reason);
    return null;
  }

  /** A remark on a part of the result. */
  add(path: string, reason: string): void {
    this.#notes.push({ path, reason });
  }

  all(): Note[] {
    return [...this.#notes];
  }
}

/** Null for what is not a finite number, without a note: for series, whose gaps speak for themselves. */
export function orNull(value: number): Statistic {
  return Number.isFinite(value) ? value : null;
}
