import { InvalidInput } from "../../errors.ts";
import type { Warehouse } from "../warehouse.ts";

/**
 * What a source's prices are: `raw` as traded (corporate actions are applied to them), `split-adjusted`, or
 * `total-return` (nothing is applied to either).
 */
export const bases = ["raw", "split-adjusted", "total-return"] as const;
export type Basis = (typeof bases)[number];

/** A source of prices in the warehouse. */
export interface PriceSource {
  readonly source: string;
  readonly basis: Basis;
}

/** All sources, in the order in which they first came. */
export async function priceSources(warehouse: Warehouse): Promise<PriceSource[]> {
  return warehouse.rows<PriceSource>(
    "SELECT source, any(basis) AS basis FROM price_sources GROUP BY source ORDER BY min(ingested_at), source",
  );
}

/**
 * Makes sure that a source has one basis for ever.
 *
 * @returns true when the source is new
 * @throws InvalidInput when it was loaded on another basis
 */
export async function checkBasis(
  warehouse: Warehouse,
  { source, basis }: PriceSource,
): Promise<boolean> {
  const held = (await priceSources(warehouse)).find((known) => known.source === source);
  if (held && held.basis !== basis) {
    throw new InvalidInput(
      `Source "${source}" holds ${held.basis} prices, these would be ${basis}: give them a source name of their own.`,
    );
  }
  return held === undefined;
}

/** Writes down a source, once. */
export async function putSource(warehouse: Warehouse, source: PriceSource): Promise<void> {
  if (!(await checkBasis(warehouse, source))) return;
  await warehouse.command(
    "INSERT INTO price_sources SELECT {source:String}, {basis:String}, now()",
    {
      ...source,
    },
  );
}

/**
 * The sources in the order in which they are read: the configured ones first, as configured, then the others as they came.
 *
 * @param configured names separated by commas, undefined when nothing is configured
 * @throws InvalidInput for a name that is no source
 */
export async function readingOrder(
  warehouse: Warehouse,
  configured: string | undefined,
): Promise<PriceSource[]> {
  const held = await priceSources(warehouse);
  const names = (configured ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const first = names.map((name) => {
    const found = held.find(({ source }) => source === name);
    if (found) return found;
    throw new InvalidInput(
      `QUARRY_SOURCES: expected sources that the warehouse holds (${held.map(({ source }) => source).join(", ") || "none"}), got "${name}".`,
    );
  });
  return [...first, ...held.filter((source) => !first.includes(source))];
}
