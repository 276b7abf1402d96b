import type { ChartRows } from "./chart-rows.ts";

/** Which part of the rows a reply shows. */
export interface ChartWindow {
  /** First row. */
  readonly from: number;
  /** One beyond the last row. */
  readonly to: number;
  readonly splits: boolean;
  readonly dividends: boolean;
  /** Stamp of the last row of all when its session is not over, s since 1970. */
  readonly liveStamp: number | undefined;
  /** Makes every n-th row of the window null; undefined for none. */
  readonly nullEvery: number | undefined;
}

/** The reply of a symbol without rows. */
export const emptyIndicators = '"indicators":{"quote":[{}],"adjclose":[{}]}';

/** Everything after `meta` in the result of a chart reply, built from whole columns. */
export function chartJson(rows: ChartRows, window: ChartWindow): string {
  const { from, to, liveStamp } = window;
  if (from >= to) return emptyIndicators;
  const stamps = rows.opens.slice(from, to);
  if (liveStamp !== undefined && to === rows.opens.length) stamps[stamps.length - 1] = liveStamp;
  const column = (name: "open" | "high" | "low" | "close" | "volume" | "adjclose"): string =>
    `"${name}":[${printed(rows[name].subarray(from, to), window.nullEvery)}]`;
  const quote = `${column("open")},${column("high")},${column("low")},${column("close")},${column("volume")}`;
  return (
    `"timestamp":[${stamps.join(",")}],${eventsJson(rows, window)}` +
    `"indicators":{"quote":[{${quote}}],"adjclose":[{${column("adjclose")}}]}`
  );
}

function printed(values: Float64Array, nullEvery: number | undefined): string {
  if (nullEvery === undefined) return values.join(",");
  return Array.from(values, (value, at) => ((at + 1) % nullEvery === 0 ? "null" : value)).join(",");
}

/** Only events of the window, keyed by the open of their session; nothing when there are none. */
function eventsJson(rows: ChartRows, window: ChartWindow): string {
  const inside = ({ row }: { row: number }): boolean => row >= window.from && row < window.to;
  const splits = window.splits ? rows.splits.filter(inside) : [];
  const dividends = window.dividends ? rows.dividends.filter(inside) : [];
  const groups: string[] = [];
  if (dividends.length > 0) {
    const entries = dividends.map(({ row, amount }) => {
      const date = rows.opens[row]!;
      return `"${date}":{"amount":${amount},"date":${date}}`;
    });
    groups.push(`"dividends":{${entries.join(",")}}`);
  }
  if (splits.length > 0) {
    const entries = splits.map(({ row, numerator, denominator }) => {
      const date = rows.opens[row]!;
      const ratio = `${numerator}:${denominator}`;
      return `"${date}":{"date":${date},"numerator":${numerator},"denominator":${denominator},"splitRatio":"${ratio}"}`;
    });
    groups.push(`"splits":{${entries.join(",")}}`);
  }
  return groups.length > 0 ? `"events":{${groups.join(",")}},` : "";
}
