import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareFactors } from "../../shared/evaluation/overview.ts";
import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { renderOverview } from "../../shared/evaluation/tear-sheet/render-overview.ts";
import { renderTearSheet } from "../../shared/evaluation/tear-sheet/render-tear-sheet.ts";
import type { Provenance, TearSheet } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";
import type { Evaluator, Measured } from "./evaluate.ts";

/** Cells of all factors that the overview holds in memory at once. */
const overviewCells = 40_000_000;

/** What pages are made of. */
export interface PagesInput {
  readonly folder: string;
  readonly measured: readonly Measured[];
  readonly results: readonly EvaluationResult[];
  readonly evaluator: Evaluator;
  readonly provenance: Provenance;
  /** What a simulator made each factor worth, in a sentence. */
  readonly truths: ReadonlyMap<string, string> | undefined;
}

/** A file a factor: what is no letter, digit, `.`, `_` or `-` becomes `-`, and no two are the same. */
function fileNames(factors: readonly string[]): string[] {
  const taken = new Set(["index.html"]);
  return factors.map((factor) => {
    const plain = factor.replaceAll(/[^\w.-]/g, "-");
    let name = `${plain}.html`;
    for (let n = 2; taken.has(name); n++) name = `${plain}-${n}.html`;
    taken.add(name);
    return name;
  });
}

/**
 * Writes a tear sheet a factor and, for more than one, `index.html` with all side by side.
 *
 * @returns the paths written, the one to open first
 */
export async function writePages(input: PagesInput): Promise<string[]> {
  const { folder, measured, results, provenance, truths } = input;
  await mkdir(folder, { recursive: true });
  const alone = measured.length < 2;
  const names = fileNames(measured.map(({ factor }) => factor.name));
  const sheets = measured.map((one, at): { sheet: TearSheet; href: string } => ({
    sheet: {
      result: results[at]!,
      evaluated: one.evaluated,
      priceDays: input.evaluator.prices.days,
      valuesIn: one.valuesIn,
      words: one.factor.words,
      icByDelay: one.icByDelay,
      truth: truths?.get(one.factor.name),
      provenance,
      overviewHref: alone ? undefined : "index.html",
    },
    href: names[at]!,
  }));
  for (const { sheet, href } of sheets) await writeFile(join(folder, href), renderTearSheet(sheet));
  const paths = sheets.map(({ href }) => join(folder, href));
  if (alone) return paths;
  const index = join(folder, "index.html");
  const overview = await compare(input);
  await writeFile(index, renderOverview({ sheets, overview, provenance }));
  return [index, ...paths];
}

/** Compares the factors at the primary horizon: 5 where it is one, else the middle one. */
async function compare({
  measured,
  evaluator,
}: PagesInput): Promise<ReturnType<typeof compareFactors>> {
  const forward = evaluator.forwardReturns();
  const { horizons } = forward;
  const at = horizons.includes(5) ? horizons.indexOf(5) : (horizons.length - 1) >> 1;
  const factors = [];
  let spacing = 1;
  for (const { factor, evaluated } of measured) {
    const table = await factor.load();
    spacing = Math.ceil((measured.length * table.values.length) / overviewCells);
    const strength = Math.abs(evaluated.result.ic[String(horizons[at]!)]!.t_hac ?? 0);
    factors.push({ name: factor.name, table: everyNth(table, spacing), strength });
  }
  return compareFactors(factors, forward, at, spacing);
}

function everyNth(table: DayTable, n: number): DayTable {
  if (n === 1) return table;
  const width = table.assets.length;
  const days = table.days.filter((_, row) => row % n === 0);
  const values = new Float64Array(days.length * width);
  for (let row = 0; row < days.length; row++) {
    values.set(table.values.subarray(row * n * width, (row * n + 1) * width), row * width);
  }
  return { days, assets: table.assets, values };
}
