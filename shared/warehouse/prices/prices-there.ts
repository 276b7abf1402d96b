import type { Warehouse } from "../warehouse.ts";

/** What tells the prices of a warehouse from those of another day. */
export interface PricesThere {
  readonly bars: number;
  /** Of all corporate actions. */
  readonly actions: string;
}

/** Bars are only ever added, so their number tells. Of actions the same one may stand there twice for a while. */
export async function pricesThere(warehouse: Warehouse): Promise<PricesThere> {
  const rows = await warehouse.rows<PricesThere>(
    `SELECT (SELECT count() FROM bars) AS bars, toString(groupBitXor(hash)) AS actions
     FROM (SELECT DISTINCT cityHash64(source, security_id, ex_date, kind, known_at, ifNull(value, nan)) AS hash FROM corporate_actions)`,
  );
  return rows[0]!;
}
