import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const kept = new Map<string, string>();

/** One of the stylesheets and scripts in `browser/`, read once, when first asked for. */
export function browserAsset(name: string): string {
  return once(name, () => new URL(`browser/${name}`, import.meta.url));
}

/** The charting library as one classic script: line, bar, scatter, tooltip and both renderers; sets `echarts`. */
export function chartLibrary(): string {
  return once("echarts", () =>
    createRequire(import.meta.url).resolve("echarts/dist/echarts.common.min.js"),
  );
}

function once(name: string, locate: () => string | URL): string {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(locate(), "utf8");
  kept.set(name, text);
  return text;
}
