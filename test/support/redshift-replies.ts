import type { DuckDBValue } from "@duckdb/node-api";

/** A statement, or a batch of them, as the Data API keeps it. */
export interface Statement {
  readonly id: string;
  status: "SUBMITTED" | "STARTED" | "FINISHED" | "FAILED";
  /** What it will be once it was looked at often enough. */
  end: "FINISHED" | "FAILED";
  error: string;
  readonly sqls: readonly string[];
  failedAt: number;
  names: string[];
  records: DuckDBValue[][];
}

const states = ["SUBMITTED", "STARTED"] as const;

/** How a statement stands: one step further at each look. */
export function describe(statement: Statement): Record<string, unknown> {
  const { id, sqls, end, error, failedAt } = statement;
  const next = states.indexOf(statement.status as (typeof states)[number]) + 1;
  statement.status = next > 0 && next < states.length ? states[next]! : end;
  const done = statement.status === end;
  return {
    Id: id,
    Status: statement.status,
    HasResultSet: done && sqls.length === 1 && statement.names.length > 0,
    ...(done && error !== "" && { Error: error }),
    ...(sqls.length > 1 && {
      SubStatements: sqls.map((sql, at) => ({
        Id: `${id}:${at + 1}`,
        QueryString: sql,
        RedshiftQueryId: 1000 + at,
        Status: !done
          ? "STARTED"
          : at === failedAt
            ? "FAILED"
            : failedAt < 0 || at < failedAt
              ? "FINISHED"
              : "ABORTED",
        ...(done && at === failedAt && { Error: error }),
      })),
    }),
  };
}

/** A page of a result: two rows, so that whoever reads it must turn pages. */
export function page({ names, records }: Statement, token = "0"): Record<string, unknown> {
  const from = Number(token);
  const next = from + 2;
  return {
    ColumnMetadata: names.map((name) => ({ name })),
    Records: records.slice(from, next).map((row) => row.map(fieldOf)),
    TotalNumRows: records.length,
    ...(next < records.length && { NextToken: String(next) }),
  };
}

function fieldOf(value: DuckDBValue): Record<string, unknown> {
  if (value === null) return { isNull: true };
  if (typeof value === "boolean") return { booleanValue: value };
  if (typeof value === "bigint") return { longValue: Number(value) };
  if (typeof value === "number")
    return Number.isInteger(value) ? { longValue: value } : { doubleValue: value };
  return { stringValue: String(value) };
}
