import { html, type Html } from "./html.ts";

/** The horizon that stands first on a page: 5 where it was asked for, else the middle one, the shorter of two. */
export function primaryHorizon(horizons: readonly number[]): number {
  return horizons.includes(5) ? 5 : horizons[Math.floor((horizons.length - 1) / 2)]!;
}

/** `1 session`, `5 sessions`. */
export function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** `1 session`, `1, 5 and 21 sessions`. */
export function inSessions(counts: readonly number[]): string {
  return counts.length === 1 ? sessions(counts[0]!) : `${listOf(counts)} sessions`;
}

/** When a value is traded, after `Traded` or `Delay`. */
export function delayWords(delay: number): string {
  return delay === 0
    ? "at the close of the factor’s own day (delay 0)"
    : `at the close ${sessions(delay)} after the factor’s day (delay ${delay})`;
}

/** `1`, `1 and 5`, `1, 5 and 21`. */
export function listOf(items: readonly (number | string)[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

/**
 * The same piece of the page once a horizon, of which the reader sees one; without script, and on paper, the primary one.
 *
 * @param tag `span` inside a sentence, `div` between blocks
 */
export function perHorizon(
  horizons: readonly number[],
  primary: number,
  tag: "span" | "div",
  make: (horizon: number) => Html | string,
): Html[] {
  return horizons.map((horizon) => {
    const hidden = horizon === primary ? html`` : html` hidden`;
    return tag === "span"
      ? html`<span data-horizon="${horizon}" ${hidden}>${make(horizon)}</span>`
      : html`<div data-horizon="${horizon}" ${hidden}>${make(horizon)}</div>`;
  });
}
