import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getColumnFile, putColumnBytes, type ColumnFile } from "../../backfill/column-files.ts";
import { MalformedRecord } from "../../errors.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import { numbers, type Block } from "../../warehouse/native/column.ts";
import { readNative } from "../../warehouse/native/reader.ts";
import { isCompanyInput } from "../company.ts";
import { layOut } from "../compute.ts";
import { computeSecurity } from "../compute-security.ts";
import type { FactorDefinition } from "../define.ts";
import { textInputsOf } from "../text-at-sessions.ts";
import { ValueFiles } from "../value-files.ts";
import { vintagesOf } from "../vintages.ts";
import { actionsOfBlock, barsOf, revisionsOfBlock } from "./columns.ts";
import { companiesOf, othersOf } from "./company-columns.ts";
import { signalsOf } from "./signal-columns.ts";
import { panelDataset, type PanelManifest } from "./manifest.ts";

/**
 * Computes a factor from a panel in the object store, to the last bit as it is computed from the warehouse, and leaves its
 * values there as column files, one a calendar year.
 *
 * @throws MalformedRecord when the panel names what the store does not hold
 */
export async function computeFromPanel(
  objects: ObjectStore,
  panel: PanelManifest,
  factor: FactorDefinition,
  { from, to }: { readonly from: TradingDay; readonly to: TradingDay },
  signal: AbortSignal,
): Promise<ColumnFile[]> {
  const { axis, window } = layOut([factor], from, to);
  if (window.from === window.to) return [];
  const readsCompanies = factor.inputs.some(isCompanyInput);
  const readsText = textInputsOf([factor]).length > 0;
  const market = await marketOf(objects, panel, factor, axis.epoch, axis.days.length);
  const folder = await mkdtemp(join(tmpdir(), "quarry-values-"));
  try {
    const files = new ValueFiles(folder, "values", [factor], axis, window);
    for (const source of panel.sources) {
      const [actions, revisions] = await Promise.all([
        blocksOf(objects, source.actions),
        blocksOf(objects, source.revisions),
      ]);
      const actionsBy = Map.groupBy(actions.flatMap(actionsOfBlock), (one) => one.securityId);
      const revisionsBy = Map.groupBy(revisions.flatMap(revisionsOfBlock), (one) => one.securityId);
      const others = source.others === "" ? [] : await blocksOf(objects, source.others);
      const othersBy = Map.groupBy(others.flatMap(othersOf), (one) => one.securityId);
      for (const [place, hash] of source.bars.entries()) {
        signal.throwIfAborted();
        const told = readsCompanies ? source.companies[place] : undefined;
        const companyOf = new Map(
          (told === undefined ? [] : await blocksOf(objects, told)).flatMap((block) => [
            ...companiesOf(block, othersBy),
          ]),
        );
        const said = readsText ? source.signals[place] : undefined;
        const signalOf = new Map(
          (said === undefined ? [] : await blocksOf(objects, said)).flatMap((block) => [
            ...signalsOf(block),
          ]),
        );
        for (const block of await blocksOf(objects, hash)) {
          for (const bars of barsOf(block)) {
            const id = bars.securityId;
            const past = [actionsBy.get(id) ?? [], revisionsBy.get(id) ?? []] as const;
            const vintages = vintagesOf(bars, ...past, axis);
            files.add(
              id,
              computeSecurity(
                [factor],
                vintages,
                axis,
                market,
                window,
                companyOf.get(id),
                signalOf.get(id),
              ),
            );
          }
        }
      }
    }
    files.flush();
    const left: ColumnFile[] = [];
    for (const [name, rows] of files.files) {
      const bytes = await readFile(join(folder, name));
      left.push(await putColumnBytes(objects, "factor_values", "factor_values", bytes, rows));
    }
    return left;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The market's mean return on an axis; the panel's begins with the calendar. */
async function marketOf(
  objects: ObjectStore,
  { market }: PanelManifest,
  { name, inputs }: FactorDefinition,
  epoch: number,
  length: number,
): Promise<Float64Array> {
  if (!inputs.includes("market_return")) return new Float64Array(length).fill(NaN);
  if (market === null) {
    throw new MalformedRecord(`${name} reads the market's return, and its panel has none.`);
  }
  const [block] = await blocksOf(objects, market);
  return (numbers(block!, "mean_return") as Float64Array).slice(epoch, epoch + length);
}

async function blocksOf(objects: ObjectStore, hash: string): Promise<Block[]> {
  const blocks: Block[] = [];
  const bytes = await getColumnFile(objects, panelDataset, hash);
  for await (const block of readNative([bytes])) blocks.push(block);
  return blocks;
}
