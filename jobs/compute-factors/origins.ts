import type { Settings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { isCompanyInput } from "../../shared/factors/company.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { textInputsOf } from "../../shared/factors/text-at-sessions.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { scoreSetsOf, textThere, type ScoreSets } from "../../shared/text/read-signals.ts";
import { pricesThere } from "../../shared/warehouse/prices/prices-there.ts";
import { reportedThere } from "../../shared/warehouse/tables/facts.ts";
import type { Load } from "../../shared/warehouse/tables/loads.ts";
import { readingOrder, type PriceSource } from "../../shared/warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** What a factor's values of some days come from. */
export interface Origin {
  readonly factor: string;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Hash of the factor's version, the order of sources, the bars and the corporate actions. */
  readonly basis: string;
}

/**
 * The sources of prices in the order in which they are read.
 *
 * @throws InvalidInput when there are none
 */
export async function sourcesInOrder(
  warehouse: Warehouse,
  settings: Settings,
): Promise<PriceSource[]> {
  const sources = await readingOrder(warehouse, settings.get("sources"));
  if (sources.length > 0) return sources;
  throw new InvalidInput(
    'The warehouse holds no prices: run "quarry backfill prices" or "quarry import prices" first.',
  );
}

/** What values would be made of now. */
export interface Origins {
  /** By factor. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Bars that there are. */
  readonly bars: number;
  /** Scores of texts that factors read. */
  readonly scoreSets: ScoreSets;
  /** What tells these prices from others: the order of sources, the bars, the corporate actions, and what companies reported. */
  readonly prices: readonly unknown[];
}

export async function originsOf(
  warehouse: Warehouse,
  factors: readonly Pick<FactorDefinition, "name" | "version" | "inputs">[],
  from: TradingDay,
  to: TradingDay,
  sources: readonly PriceSource[],
  settings: Settings,
): Promise<Origins> {
  const there = await pricesThere(warehouse);
  const reported = factors.some(readsCompanies) ? await reportedThere(warehouse) : undefined;
  const inputs = textInputsOf(factors);
  const scoreSets = await scoreSetsOf(warehouse, inputs, settings);
  const said = inputs.length > 0 ? [await textThere(warehouse), scoreSets] : undefined;
  return {
    origins: new Map(
      factors.map((factor) => {
        const { name, version } = factor;
        const madeOf = [
          there,
          ...(readsCompanies(factor) ? [reported] : []),
          ...(textInputsOf([factor]).length > 0 ? [said] : []),
        ];
        const basis = hashOf([version, sources, madeOf]);
        return [name, { factor: name, from, to, basis }];
      }),
    ),
    bars: there.bars,
    scoreSets,
    prices: [
      sources,
      there,
      ...(reported === undefined ? [] : [reported]),
      ...(said === undefined ? [] : [said]),
    ],
  };
}

const readsCompanies = ({ inputs }: Pick<FactorDefinition, "inputs">): boolean =>
  inputs.some(isCompanyInput);

/**
 * Tells of an origin whether its values are the ones in the table: they were made over its days or more, and nothing was
 * made over them since from something else.
 */
export async function heldOrigins(warehouse: Warehouse): Promise<(origin: Origin) => boolean> {
  const rows = await warehouse.rows<{ origin: string; at: number }>(
    `SELECT origin, toUnixTimestamp(max(ingested_at)) AS at FROM loads
     WHERE dataset = 'factor_values' AND source = 'library' GROUP BY origin`,
  );
  const loads = rows.map(({ origin, at }) => {
    const [factor = "", from = "", to = "", basis = ""] = origin.split(" ");
    return { factor, from, to, basis, at };
  });
  return (origin) => {
    const own = loads.filter(({ factor }) => factor === origin.factor);
    const held = own
      .filter(
        ({ basis, from, to }) => basis === origin.basis && from <= origin.from && to >= origin.to,
      )
      .map(({ at }) => at);
    if (held.length === 0) return false;
    const last = Math.max(...held);
    // Of two in the same second nobody knows which was the last.
    return !own.some(
      ({ basis, from, to, at }) =>
        basis !== origin.basis && from <= origin.to && to >= origin.from && at >= last,
    );
  };
}

/** The note that an origin's values are in the table. */
export function loadOf(origin: Origin, rows: number): Load {
  const { factor, from, to, basis } = origin;
  return {
    dataset: "factor_values",
    source: "library",
    capture: hashOf([factor, from, to, basis]),
    origin: [factor, from, to, basis].join(" "),
    rows,
  };
}

const hashOf = (parts: readonly unknown[]): string => contentHash(JSON.stringify(parts));
