import type { CorporateAction } from "../../market/adjustment.ts";
import type { SecurityId } from "../../market/security.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** A corporate action of a security, and since when it is known. */
export interface SecurityAction extends CorporateAction {
  readonly securityId: SecurityId;
  /** Ms since 1970 UTC. */
  readonly knownMs: number;
  /** Content hash of what it was read from. */
  readonly capture: string;
}

/** All actions of a source as they are known last, by security and ex-date. */
export async function actionsOf(warehouse: Warehouse, source: string): Promise<SecurityAction[]> {
  const rows = await warehouse.rows<{
    securityId: SecurityId;
    exDate: TradingDay;
    kind: CorporateAction["kind"];
    value: number | null;
    knownMs: number;
    capture: string;
  }>(
    `SELECT security_id AS securityId, ex_date AS exDate, kind, argMax(tuple(value), known_at).1 AS value,
       toUnixTimestamp(max(known_at)) * 1000 AS knownMs, argMax(capture, known_at) AS capture
     FROM corporate_actions WHERE source = {source:String}
     GROUP BY security_id, ex_date, kind ORDER BY security_id, ex_date, kind`,
    { source },
  );
  return rows.map((row) => ({ ...row, value: row.value ?? NaN }));
}

/** Adds actions. */
export async function addActions(
  warehouse: Warehouse,
  source: string,
  actions: readonly SecurityAction[],
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const same = (value: number): Uint32Array =>
    new Uint32Array(actions.length).fill(Math.floor(value / 1000));
  await insertColumns(warehouse, "corporate_actions", [
    { name: "source", type: "String", text: actions.map(() => source) },
    { name: "security_id", type: "String", text: actions.map(({ securityId }) => securityId) },
    {
      name: "ex_date",
      type: "Date",
      values: Uint16Array.from(actions, (a) => dayNumber(a.exDate)),
    },
    { name: "kind", type: "String", text: actions.map(({ kind }) => kind) },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(actions, ({ knownMs }) => Math.floor(knownMs / 1000)),
    },
    {
      name: "value",
      type: "Nullable(Float64)",
      values: Float64Array.from(actions, ({ value }) => value),
    },
    { name: "capture", type: "String", text: actions.map(({ capture }) => capture) },
    { name: "run_id", type: "String", text: actions.map(() => runId) },
    { name: "ingested_at", type: "DateTime('UTC')", values: same(nowMs) },
  ]);
}
