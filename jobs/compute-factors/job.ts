import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computeFactors } from "../../shared/factors/compute.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { valueFileStructure } from "../../shared/factors/value-files.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { publishValues } from "../../shared/warehouse/factor-values/publish-values.ts";
import { addLoads } from "../../shared/warehouse/tables/loads.ts";
import type { Deps } from "../deps.ts";
import { heldOrigins, loadOf, originsOf, sourcesInOrder } from "./origins.ts";

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
 * Computes factors over a range of days and puts their values into the warehouse. Factors that were computed over this
 * range or a wider one from the same prices are left alone.
 *
 * @throws InvalidInput when there are no prices
 */
export async function run(
  { factors, from, to }: ComputeFactorsArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ComputeReport> {
  const { warehouse, now } = deps;
  const sources = await sourcesInOrder(warehouse, deps.settings);
  const { origins, scoreSets } = await originsOf(
    warehouse,
    factors,
    from,
    to,
    sources,
    deps.settings,
  );
  const holds = await heldOrigins(warehouse);
  const wanted = factors.filter(({ name }) => !holds(origins.get(name)!));
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
      {
        factors: wanted,
        from,
        to,
        sources,
        folder,
        scoreSets,
      },
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
    const counts = await publishValues(
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
      wanted.map(({ name }) => loadOf(origins.get(name)!, counts.get(name) ?? 0)),
      { runId: deps.runId, nowMs: now() },
    );
    deps.log.info({ dataset: "factor_values", rows: computed.values }, "loaded");
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
