import type { Statistic } from "../result.ts";

/** How a number is written; the page's script writes the numbers of tooltips and axes by the same rule. */
export interface NumberFormat {
  /** Multiplies the number first. */
  readonly scale: number;
  /** Digits after the point. */
  readonly digits: number;
  /** Follows the number. */
  readonly unit: string;
}

/** Information coefficients. */
export const asCoefficient: NumberFormat = { scale: 1, digits: 4, unit: "" };
/** t statistics, Sharpe ratios, information ratios. */
export const asRatio: NumberFormat = { scale: 1, digits: 2, unit: "" };
/** Fractions as percent. */
export const asPercent: NumberFormat = { scale: 100, digits: 1, unit: "%" };
/** Returns as basis points. */
export const asBasisPoints: NumberFormat = { scale: 10_000, digits: 1, unit: " bp" };
/** Counts of names or days. */
export const asCount: NumberFormat = { scale: 1, digits: 0, unit: "" };

/** What stands for a number that does not exist. */
export const none = "–";

/** A number in words a reader can line up: fixed digits, thousands apart, a true minus, never `−0.00`. */
export function formatNumber(value: Statistic, { scale, digits, unit }: NumberFormat): string {
  if (value === null || !Number.isFinite(value)) return none;
  const text = Math.abs(value * scale).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const negative = value < 0 && /[1-9]/.test(text);
  return `${negative ? "−" : ""}${text}${unit}`;
}

/** A p-value: three significant digits, `<0.0001` below that. */
export function formatP(p: Statistic): string {
  if (p === null || !Number.isFinite(p)) return none;
  if (p < 0.0001) return "<0.0001";
  return p.toPrecision(3);
}

/** The level of a test, its parts kept on one line: `q = 5%`. */
export function formatLevel(q: number): string {
  return `q\u00a0=\u00a0${formatNumber(q, { ...asPercent, digits: 0 })}`;
}

/** Values rounded to so many decimals for a chart, null where undefined: fewer bytes, same picture. */
export function rounded(values: Iterable<Statistic>, decimals: number): Statistic[] {
  return Array.from(values, (value) =>
    value !== null && Number.isFinite(value) ? Number(value.toFixed(decimals)) : null,
  );
}
