/** Stories of so many sessions up to one. */
export function storiesOf(stories: Float64Array, t: number, sessions: number): number {
  let count = 0;
  for (let ago = 0; ago < sessions && ago <= t; ago++) {
    const own = stories[t - ago]!;
    if (own > 0) count += own;
  }
  return count;
}

/** Mean sentiment of the stories of so many sessions up to one; NaN without a story. */
export function meanSentiment(
  sentiment: Float64Array,
  stories: Float64Array,
  t: number,
  sessions: number,
): number {
  let sum = 0;
  for (let ago = 0; ago < sessions && ago <= t; ago++) {
    if (stories[t - ago]! > 0) sum += sentiment[t - ago]!;
  }
  return sum / (storiesOf(stories, t, sessions) || NaN);
}
