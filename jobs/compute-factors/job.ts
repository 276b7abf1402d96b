import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidInput } from "../../shared/errors.ts";
import { computeFactors } from "../../shared/factors/compute.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { valueFileStructure } from "../../shared/factors/value-files.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { publishValues } from "../../shared/warehouse/factor-values/publish-values.ts";
import { addLoads, loadedCaptures } from "../../shared/warehouse/tables/loads.ts";
import { readingOrder, type PriceSource } from "../../shared/warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";

export interface ComputeFactorsArgs {
  readonly factors: readonly FactorDefinition[];
  readonly from: TradingDay;
  readonly to: TradingDay;
}

export interface ComputeReport {
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Sources of prices, the preferred first. */
  readonly sources: readonly string[];
  readonly computed: readonly string[];
  /** Factors whose values are there already, from the same prices. */
  readonly held: readonly string[];
  readonly securities: number;
  readonly sessions: number;
  readonly values: number;
  /** Ms spent computing (reading included) and writing. */
  readonly compute_ms: number;
  readonly write_ms: number;
}

/**
 * Computes factors over a range of days and puts their values into the warehouse. Factors that were computed over the same
 * range from the same prices are left alone.
 *
 * @throws InvalidInput when there are no prices
 */
export async function run(
  { factors, from, to }: ComputeFactorsArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ComputeReport> {
  const { warehouse, now } = deps;
  const sources = await readingOrder(warehouse, deps.settings.get("sources"));
  if (sources.length === 0) {
    throw new InvalidInput(
      'The warehouse holds no prices: run "quarry backfill prices" or "quarry import prices" first.',
    );
  }
  const prints = await fingerprints(warehouse, factors, from, to, sources);
  const loaded = await loadedCaptures(warehouse, "factor_values", "library");
  const wanted = factors.filter(({ name }) => !loaded.has(prints.get(name)!));
  const report = {
    from,
    to,
    sources: sources.map(({ source }) => source),
    computed: wanted.map(({ name }) => name),
    held: factors.filter((factor) => !wanted.includes(factor)).map(({ name }) => name),
  };
  const nothing = { securities: 0, sessions: 0, values: 0 };
  if (wanted.length === 0) return { ...report, ...nothing, compute_ms: 0, write_ms: 0 };

  const folder = await mkdtemp(join(tmpdir(), "quarry-values-"));
  try {
    const started = now();
    const task = (total: number) => deps.progress.start("compute factors", total);
    const computed = await computeFactors(
      warehouse,
      { factors: wanted, from, to, sources, folder },
      task,
      signal,
    );
    const computedAt = now();
    const names = (await readdir(folder)).sort();
    const sets = wanted.map(({ name, version }) => ({
      factor: name,
      version,
      files: names.filter((file) => file.startsWith(`${name}.`)).map((file) => join(folder, file)),
    }));
    signal.throwIfAborted();
    await publishValues(
      warehouse,
      sets,
      computed.values,
      valueFileStructure,
      { from, to },
      {
        token: deps.runId,
        runId: deps.runId,
        nowMs: now(),
      },
    );
    await addLoads(
      warehouse,
      wanted.map(({ name }) => ({
        dataset: "factor_values",
        source: "library",
        capture: prints.get(name)!,
        origin: `${name} ${from} ${to}`,
        rows: computed.values,
      })),
      { runId: deps.runId, nowMs: now() },
    );
    return {
      ...report,
      ...computed,
      compute_ms: computedAt - started,
      write_ms: now() - computedAt,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * By factor: a hash of all that its values come from, the factor's version, the days, the order of sources and every piece
 * of prices that was ever loaded.
 */
async function fingerprints(
  warehouse: Warehouse,
  factors: readonly FactorDefinition[],
  from: TradingDay,
  to: TradingDay,
  sources: readonly PriceSource[],
): Promise<Map<string, string>> {
  const rows = await warehouse.rows<{ loads: string }>(
    `SELECT toString(groupBitXor(cityHash64(dataset, source, capture))) AS loads
     FROM (SELECT DISTINCT dataset, source, capture FROM loads WHERE dataset = 'prices')`,
  );
  return new Map(
    factors.map(({ name, version }) => {
      const parts = [name, version, from, to, sources, rows[0]?.loads];
      return [name, createHash("sha256").update(JSON.stringify(parts)).digest("hex")];
    }),
  );
}
