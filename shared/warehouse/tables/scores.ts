import { InvalidInput } from "../../errors.ts";
import { insertColumns } from "../insert-columns.ts";
import type { WriteColumn } from "../native/writer.ts";
import type { Warehouse } from "../warehouse.ts";

/** A score as the warehouse knows it; the ledger in the object store has all of it. */
export interface ScoreRow {
  readonly scoreKey: string;
  readonly task: string;
  readonly subject: string;
  readonly document: string;
  readonly scoreSet: string;
  readonly prompt: string;
  readonly provider: string;
  readonly model: string;
  readonly state: string;
  readonly reason: string;
  /** NaN for everything that is not scored, and for what is no number. */
  readonly value: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** NaN where nobody knows the price. */
  readonly costUsd: number;
  readonly latencyMs: number;
  readonly knownMs: number;
  readonly scoredMs: number;
}

/** Scores as columns, but for who brought them in. */
export function scoreColumns(rows: readonly ScoreRow[]): WriteColumn[] {
  const text = (name: string, pick: (row: ScoreRow) => string) =>
    ({ name, type: "String", text: rows.map(pick) }) as const;
  const count = (name: string, pick: (row: ScoreRow) => number) =>
    ({ name, type: "UInt32", values: Uint32Array.from(rows, pick) }) as const;
  const time = (name: string, pick: (row: ScoreRow) => number) =>
    ({
      name,
      type: "DateTime('UTC')",
      values: Uint32Array.from(rows, (row) => Math.ceil(pick(row) / 1000)),
    }) as const;
  const number = (name: string, pick: (row: ScoreRow) => number) => ({
    name,
    type: "Nullable(Float64)",
    values: Float64Array.from(rows, pick),
  });
  return [
    text("score_key", ({ scoreKey }) => scoreKey),
    text("task", ({ task }) => task),
    text("subject", ({ subject }) => subject),
    text("document", ({ document }) => document),
    text("score_set", ({ scoreSet }) => scoreSet),
    text("prompt", ({ prompt }) => prompt),
    text("provider", ({ provider }) => provider),
    text("model", ({ model }) => model),
    text("state", ({ state }) => state),
    text("reason", ({ reason }) => reason),
    number("value", ({ value }) => value),
    count("tokens_in", ({ tokensIn }) => tokensIn),
    count("tokens_out", ({ tokensOut }) => tokensOut),
    number("cost_usd", ({ costUsd }) => costUsd),
    count("latency_ms", ({ latencyMs }) => latencyMs),
    time("known_at", ({ knownMs }) => knownMs),
    time("scored_at", ({ scoredMs }) => scoredMs),
  ];
}

/** Writes scores down; the same one twice is one. */
export async function putScores(
  warehouse: Warehouse,
  rows: readonly ScoreRow[],
  { runId, nowMs }: { runId: string; nowMs: number },
): Promise<void> {
  await insertColumns(warehouse, "scores", [
    ...scoreColumns(rows),
    { name: "run_id", type: "String", text: rows.map(() => runId) },
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(rows.length).fill(Math.ceil(nowMs / 1000)),
    },
  ]);
}

/**
 * The score set that factors read.
 *
 * @param configured name in the configuration; undefined when nobody says
 * @param variable that would say it
 * @returns undefined when there are no scores
 * @throws InvalidInput for a set that is not there, and where there are several and nobody says which
 */
export async function chosenScoreSet(
  warehouse: Warehouse,
  from: { readonly table: "scores" | "reports"; readonly task?: string },
  configured: string | undefined,
  variable: string,
): Promise<string | undefined> {
  const where = from.task === undefined ? "true" : "task = {task:String}";
  const rows = await warehouse.rows<{ name: string }>(
    `SELECT DISTINCT score_set AS name FROM ${from.table} WHERE ${where} AND state = 'scored' ORDER BY name`,
    { task: from.task ?? "" },
  );
  const names = rows.map(({ name }) => name);
  if (configured !== undefined) {
    if (names.includes(configured)) return configured;
    throw new InvalidInput(
      `${variable}: expected one of the score sets (${names.join(", ") || "there are none yet"}), got "${configured}".`,
    );
  }
  if (names.length > 1) {
    throw new InvalidInput(
      `There are several score sets (${names.join(", ")}): set ${variable} to the one that factors are to read.`,
    );
  }
  return names[0];
}
