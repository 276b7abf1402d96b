import { putColumnFile } from "../../backfill/column-files.ts";
import { sessions } from "../../market/calendar.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import type { ProgressTask } from "../../progress.ts";
import type { WriteColumn } from "../../warehouse/native/writer.ts";
import { readBars, type SecurityBars } from "../../warehouse/prices/read-bars.ts";
import type { PriceSource } from "../../warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import { allSources, firstDay, readPast } from "../compute.ts";
import { MarketReturns } from "../compute-security.ts";
import { axisOf } from "../series.ts";
import { vintagesOf } from "../vintages.ts";
import { SignalReader, type ScoreSets } from "../../text/read-signals.ts";
import { textInputsOf } from "../text-at-sessions.ts";
import { CompanyReader } from "../company-reader.ts";
import type { FactorDefinition } from "../define.ts";
import { actionColumns, barColumns, revisionColumns } from "./columns.ts";
import { companyColumns, otherColumns, type OtherSecurities } from "./company-columns.ts";
import { signalColumns } from "./signal-columns.ts";
import { panelDataset, putManifest, readManifest, type PanelManifest } from "./manifest.ts";

/** What is exported. */
export interface PanelRequest {
  /** Sources of prices, the preferred first. */
  readonly sources: readonly PriceSource[];
  readonly to: TradingDay;
  /** True when some factor reads the mean return of all securities. */
  readonly needsMarket: boolean;
  /** The factors whose companies are exported; none where none of them reads of companies. */
  readonly factors: readonly Pick<FactorDefinition, "inputs">[];
  readonly scoreSets?: ScoreSets | undefined;
}

/** Securities in one column file: what a reader holds at once. */
const securitiesAtOnce = 256;

/**
 * Leaves the prices that factors are computed from in the object store, once: bars as first stored, their revisions and
 * corporate actions, as column files. What lies under the key already is left alone.
 *
 * @param key by what the panel is made of
 * @param task is advanced by one a security
 */
export async function exportPanel(
  warehouse: Warehouse,
  objects: ObjectStore,
  key: string,
  { sources, to, needsMarket, factors, scoreSets = {} }: PanelRequest,
  task: (securities: number) => ProgressTask,
  signal: AbortSignal,
): Promise<void> {
  if (await readManifest(objects, key)) return;
  const past = await readPast(warehouse, sources, await allSources(warehouse, sources), to);
  const progress = task(past.reduce((sum, { securities }) => sum + securities.length, 0));
  const axis = axisOf(Uint16Array.from(sessions(firstDay, to), dayNumber), 0);
  const market = needsMarket ? new MarketReturns(axis) : undefined;
  const put = async (table: string, columns: WriteColumn[]): Promise<string> =>
    (await putColumnFile(objects, panelDataset, table, columns)).hash;
  const reader = await CompanyReader.open(warehouse, factors);
  const text = await SignalReader.open(warehouse, textInputsOf(factors), scoreSets);
  const parts: PanelManifest["sources"] = [];
  for (const { source, securities, actions, revisions } of past) {
    const bars: string[] = [];
    const companies: string[] = [];
    const signals: string[] = [];
    const others: OtherSecurities[] = [];
    for (let at = 0; at < securities.length; at += securitiesAtOnce) {
      signal.throwIfAborted();
      const some = securities.slice(at, at + securitiesAtOnce);
      const together: SecurityBars[] = [];
      for await (const one of readBars(warehouse, { source, securities: some, to })) {
        const id = one.securityId;
        market?.add(vintagesOf(one, actions.get(id) ?? [], revisions.get(id) ?? [], axis));
        together.push(one);
        progress.advance();
      }
      if (together.length === 0) continue;
      bars.push(await put("bars", barColumns(together)));
      if (text) signals.push(await put("signals", signalColumns(await text.read(some))));
      if (reader === undefined) continue;
      const companyOf = await reader.read(some);
      companies.push(await put("companies", companyColumns(companyOf)));
      for (const [securityId, company] of companyOf) {
        for (const span of company.others) others.push({ securityId, ...span });
      }
    }
    parts.push({
      source,
      bars,
      companies,
      signals,
      others: reader === undefined ? "" : await put("others", otherColumns(others)),
      actions: await put("corporate_actions", actionColumns([...actions.values()].flat())),
      revisions: await put("revisions", revisionColumns([...revisions.values()].flat())),
    });
  }
  progress.end();
  await putManifest(objects, key, {
    to,
    sources: parts,
    market: market
      ? await put("market", [{ name: "mean_return", type: "Float64", values: market.means() }])
      : null,
  });
}
