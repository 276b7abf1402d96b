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
import { addLoads } from "../../shared/warehouse/tables/loads.ts";
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
  const origins = await originsOf(warehouse, factors, from, to, sources);
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
      wanted.map(({ name }) => ({
        dataset: "factor_values",
        source: "library",
        capture: captureOf(origins.get(name)!),
        origin: Object.values(origins.get(name)!).join(" "),
        rows: counts.get(name) ?? 0,
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

/** What a factor's values of some days come from. */
interface Origin {
  readonly factor: string;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Hash of the factor's version, the order of sources, the bars and the corporate actions. */
  readonly basis: string;
}

/** By factor: what its values would come from now. */
async function originsOf(
  warehouse: Warehouse,
  factors: readonly FactorDefinition[],
  from: TradingDay,
  to: TradingDay,
  sources: readonly PriceSource[],
): Promise<Map<string, Origin>> {
  // Bars are only ever added, so their number tells. Of actions the same one may stand there twice for a while.
  const prices = await warehouse.rows<{ bars: number; actions: string }>(
    `SELECT (SELECT count() FROM bars) AS bars, toString(groupBitXor(hash)) AS actions
     FROM (SELECT DISTINCT cityHash64(source, security_id, ex_date, kind, known_at, ifNull(value, nan)) AS hash FROM corporate_actions)`,
  );
  return new Map(
    factors.map(({ name, version }) => {
      const basis = hash([version, sources, prices]);
      return [name, { factor: name, from, to, basis }];
    }),
  );
}

/** Tells of an origin whether its values are the ones in the table: nothing was computed over them since from something else. */
async function heldOrigins(warehouse: Warehouse): Promise<(origin: Origin) => boolean> {
  const rows = await warehouse.rows<{ capture: string; origin: string; at: number }>(
    `SELECT capture, origin, toUnixTimestamp(max(ingested_at)) AS at FROM loads
     WHERE dataset = 'factor_values' AND source = 'library' GROUP BY capture, origin`,
  );
  const loads = rows.map(({ capture, origin, at }) => {
    const [factor = "", from = "", to = "", basis = ""] = origin.split(" ");
    return { capture, factor, from, to, basis, at };
  });
  return (origin) => {
    const capture = captureOf(origin);
    const held = loads.find((load) => load.capture === capture);
    // Of two in the same second nobody knows which was the last.
    return (
      held !== undefined &&
      !loads.some(
        ({ factor, from, to, basis, at }) =>
          factor === origin.factor &&
          basis !== origin.basis &&
          from <= origin.to &&
          to >= origin.from &&
          at >= held.at,
      )
    );
  };
}

const captureOf = ({ factor, from, to, basis }: Origin): string => hash([factor, from, to, basis]);

function hash(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
