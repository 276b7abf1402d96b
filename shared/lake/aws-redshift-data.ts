import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
  type DescribeStatementResponse,
  type Field,
} from "@aws-sdk/client-redshift-data";
import { failureOf } from "../backfill/executors/aws-account.ts";
import { Failed, SourceRejected, SourceUnavailable } from "../errors.ts";
import { StatementFailed, type Cell, type RedshiftSession } from "./redshift/session.ts";
import type { Batch } from "./redshift/transaction.ts";

/** Waits between two looks at a statement, ms; the last one for as long as it takes. */
const waits = [50, 100, 200, 400, 800, 1600, 3200, 5000];

export interface RedshiftPlace {
  readonly workgroup: string;
  readonly database: string;
}

/**
 * A database of Redshift Serverless through its Data API, as who this process is: no password, no connection. Statements run there
 * whether we wait or not; a transaction is told by its token, so that one whose reply was lost is found and not done twice.
 */
export function redshiftData(
  { workgroup, database }: RedshiftPlace,
  signal: AbortSignal,
  client = new RedshiftDataClient({ retryMode: "standard", maxAttempts: 8 }),
): RedshiftSession {
  const at = { WorkgroupName: workgroup, Database: database };
  const ask = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await request();
    } catch (thrown) {
      throw requestFailure(thrown, workgroup);
    }
  };
  const ended = async (id: string): Promise<DescribeStatementResponse> => {
    for (let look = 0; ; look++) {
      const told = await ask(() => client.send(new DescribeStatementCommand({ Id: id })));
      if (["FINISHED", "FAILED", "ABORTED"].includes(told.Status!)) return told;
      await sleep(waits[look] ?? waits.at(-1)!, undefined, { signal });
    }
  };
  const bound = (values: Readonly<Record<string, string>>) => {
    const list = Object.entries(values).map(([name, value]) => ({ name, value }));
    return list.length === 0 ? {} : { Parameters: list };
  };
  const rows: RedshiftSession["rows"] = async (sql, parameters = {}) => {
    const request = new ExecuteStatementCommand({ ...at, Sql: sql, ...bound(parameters) });
    const { Id = "" } = await ask(() => client.send(request));
    const told = await ended(Id);
    if (told.Status !== "FINISHED") throw statementFailure(told, workgroup, 0);
    if (told.HasResultSet !== true) return [];
    const found: Record<string, Cell>[] = [];
    let token: string | undefined;
    do {
      const page = await ask(() =>
        client.send(new GetStatementResultCommand({ Id, NextToken: token })),
      );
      const names = (page.ColumnMetadata ?? []).map(({ name = "" }) => name);
      for (const record of page.Records ?? []) {
        found.push(Object.fromEntries(record.map((field, k) => [names[k]!, cellOf(field)])));
      }
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  };
  /** What COPY says of a row or file that it can't read; undefined where it says nothing. */
  const loadError = async (queryId: number): Promise<string | undefined> => {
    const [row] = await rows(
      "SELECT file_name, line_number, column_name, error_message FROM sys_load_error_detail WHERE query_id = CAST(:query AS BIGINT) ORDER BY start_time LIMIT 1",
      { query: String(queryId) },
    );
    if (row === undefined) return undefined;
    const text = (name: string): string => String(row[name] ?? "").trim();
    return `${text("file_name")}, row ${text("line_number")}, column ${text("column_name")}: ${text("error_message")}`;
  };
  return {
    address: `redshift://${workgroup}/${database}`,
    rows,
    async transaction({ sqls, parameters, token }: Batch) {
      const request = new BatchExecuteStatementCommand({
        ...at,
        Sqls: [...sqls],
        ...bound(parameters),
        ClientToken: token,
      });
      const { Id = "" } = await ask(() => client.send(request));
      const told = await ended(Id);
      if (told.Status === "FINISHED") return;
      const parts = told.SubStatements ?? [];
      const place = Math.max(
        0,
        parts.findIndex(({ Status }) => Status === "FAILED" || Status === "ABORTED"),
      );
      const queryId = parts[place]?.RedshiftQueryId ?? 0;
      const isCopy = /^\s*COPY\b/i.test(sqls[place] ?? "");
      const load = isCopy && queryId > 0 ? await loadError(queryId) : undefined;
      if (load !== undefined) {
        throw new Failed(`Redshift can't load ${load}. Nothing was published.`);
      }
      throw statementFailure({ ...told, ...parts[place] }, workgroup, place);
    },
  };
}

function cellOf(field: Field): Cell {
  if (field.isNull === true) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}

/** What Redshift says of a statement, as one of ours. */
function statementFailure(
  { Error: said = "", Status }: Pick<DescribeStatementResponse, "Error" | "Status">,
  workgroup: string,
  place: number,
): Error {
  const text = said.replace(/^ERROR:\s*/, "").trim();
  if (Status === "ABORTED") {
    return new SourceUnavailable(
      `Redshift stopped the statement (${text || "somebody cancelled it"}): nothing was changed; run the same command again.`,
    );
  }
  if (/usage limit/i.test(text)) {
    return new SourceUnavailable(
      `The workgroup ${workgroup} is over its usage limit (${text}): it answers again when the limit's period is over; or raise quarry:redshift.usageHoursPerDay. Nothing was changed.`,
    );
  }
  if (/permission denied|must be owner/i.test(text)) {
    return new SourceRejected(
      `Redshift refuses (${text}): who publishes needs the database role quarry_writer, which the job that the stack made has by its tag RedshiftDbRoles; who reads needs quarry_reader. Nothing was changed.`,
    );
  }
  if (
    /PermanentRedirect|must be addressed using the specified endpoint|S3ServiceException.*301/i.test(
      text,
    )
  ) {
    return new SourceRejected(
      `The bucket of REDSHIFT_COPY_FOLDER is in another region than the workgroup ${workgroup} (${text}): name one in its region. Nothing was changed.`,
    );
  }
  return new StatementFailed(text, place);
}

/** What the Data API says of a request, as one of ours. */
function requestFailure(thrown: unknown, workgroup: string): Error {
  const { name = "", message = "" } = thrown as Partial<Error>;
  if (
    /ResourceNotFound/.test(name) ||
    /(workgroup|endpoint).*(not found|does not exist)/i.test(message)
  ) {
    return new SourceRejected(
      `There is no workgroup ${workgroup} in this region (${message}): set quarry:warehouse.redshift to serverless and run "pulumi up".`,
      { cause: thrown },
    );
  }
  if (/usage limit|paused|not (currently )?available|is not in .*available/i.test(message)) {
    return new SourceUnavailable(
      `The workgroup ${workgroup} does not answer now (${message}): it is paused, being changed, or over its usage limit; run the same command again when it is available.`,
      { cause: thrown },
    );
  }
  return failureOf(thrown, "Redshift");
}
