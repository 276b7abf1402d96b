/** Colours by role: properties of the stylesheet, so that a chart follows the theme without being drawn again. */
export const colour = {
  ink: "var(--ink)",
  quiet: "var(--ink-3)",
  paper: "var(--paper)",
  rule: "var(--rule)",
  grid: "var(--grid)",
  /** The series a chart is about. */
  main: "var(--main)",
  /** What stands beside it. */
  second: "var(--second)",
  /** What `main` is held against: another delay, the factor alone, how often. */
  muted: "var(--muted)",
  /** Daily noise behind a moving average. */
  faint: "var(--faint)",
  /** More than zero, the highest quantile. */
  high: "var(--high)",
  /** Less than zero, the lowest quantile, a loss. */
  low: "var(--low)",
} as const;

/** Colour of a quantile, from the lowest over a neutral middle to the highest. */
export function quantileColour(at: number, count: number): string {
  const place = count === 1 ? 0 : (2 * at) / (count - 1) - 1;
  if (place === 0) return "var(--middle)";
  const share = Math.round(Math.abs(place) * 100);
  return `color-mix(in oklab, ${place < 0 ? colour.low : colour.high} ${share}%, var(--middle))`;
}

/** Colour of a horizon, from the shortest to the longest along one ramp. */
export function horizonColour(at: number, count: number): string {
  const share = count === 1 ? 50 : Math.round((100 * at) / (count - 1));
  return `color-mix(in oklch, var(--far) ${share}%, var(--near))`;
}

/** Steps of the heat map on each side of zero. */
export const heatSteps = 6;

/** Class of a heat map's cell: `p1` .. `p6` above zero, `n1` .. `n6` below; `scale` and beyond are the last step. */
export function heatClass(value: number | null, scale: number): string {
  if (value === null || !Number.isFinite(value) || !(scale > 0)) return "";
  const step = Math.round(Math.min(1, Math.abs(value) / scale) * heatSteps);
  return step === 0 ? "" : `${value < 0 ? "n" : "p"}${step}`;
}
