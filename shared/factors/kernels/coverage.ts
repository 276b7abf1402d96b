/**
 * Sessions of a trailing window that must have a value for its statistic to stand: 80 %, rounded up.
 *
 * A year keeps its statistic through some halts and a gap in the data, at a standard error at most 1 /
 * sqrt(0.8), 12 %, above the full window's; with fewer, the number would describe another period than its
 * name says. Of 252 sessions it asks for 202, next to the "more than 200 days" of Amihud (2002).
 *
 * @param window sessions, 1 or more
 */
export function requiredObservations(window: number): number {
  return Math.ceil((4 * window) / 5);
}
