import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { Dialect, init, parse } from "@polyglot-sql/sdk";
import type { S3Client } from "@aws-sdk/client-s3";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { s3Place } from "../../shared/objects/s3-place.ts";
import { s3Bytes, s3File } from "../../shared/objects/s3.ts";
import { describe, page, type Statement } from "./redshift-replies.ts";

/** What the server does with a request instead of answering it. */
export type RedshiftScript = (
  action: string,
  sqls: readonly string[],
) =>
  | { readonly status: number; readonly type: string; readonly message: string }
  /** Runs it, and loses the answer. */
  | "lose"
  /** A statement fails with these words, at its place. */
  | { readonly fails: string; readonly place: number }
  | undefined;

/** How Redshift calls types that DuckDB calls otherwise. */
const toldTypes = `CASE data_type WHEN 'VARCHAR' THEN 'character varying' WHEN 'DOUBLE' THEN 'double precision'
  WHEN 'TIMESTAMP' THEN 'timestamp without time zone' ELSE lower(data_type) END`;

/**
 * A Data API of Redshift with a database behind it that runs what is sent: DuckDB, which takes the SQL as it is, but for what only
 * Redshift has (places of rows, roles, COPY). Every statement is parsed as Redshift's dialect first. It keeps the API's rules: a
 * statement is done later than its answer, a token stands for one request, a batch is one transaction of at most forty statements.
 */
export class SimulatedRedshift implements AsyncDisposable {
  readonly url: string;
  /** Every SQL that was run, in order. */
  readonly statements: string[] = [];
  readonly batches: { readonly sqls: readonly string[]; readonly token: string }[] = [];
  readonly #close: () => Promise<void>;
  readonly #duck: DuckDBConnection;

  private constructor(url: string, duck: DuckDBConnection, close: () => Promise<void>) {
    this.url = url;
    this.#duck = duck;
    this.#close = close;
  }

  static async start(
    s3: S3Client,
    folder: string,
    script: RedshiftScript = () => undefined,
  ): Promise<SimulatedRedshift> {
    await init();
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    await duck.run("SET TimeZone = 'UTC'");
    await duck.run("CREATE SCHEMA quarry");
    await duck.run(
      `CREATE VIEW svv_columns AS SELECT table_schema, table_name, column_name, ordinal_position, ${toldTypes} AS data_type FROM information_schema.columns`,
    );
    await duck.run(
      "CREATE TABLE sys_load_error_detail (query_id BIGINT, file_name VARCHAR, line_number BIGINT, column_name VARCHAR, error_message VARCHAR, start_time TIMESTAMP)",
    );
    const held = new Map<string, Statement>();
    const tokens = new Map<string, string>();
    const server = createServer((request, response) => {
      void respond(request).then(
        ({ status, body }) => {
          if (status === 0) response.destroy();
          else {
            const type = status === 200 ? {} : { "x-amzn-errortype": String(body["__type"]) };
            response.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...type });
            response.end(JSON.stringify(body));
          }
        },
        (thrown: unknown) => {
          response.writeHead(500).end(String(thrown));
        },
      );
    });
    const respond = async (
      request: IncomingMessage,
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const action = String(request.headers["x-amz-target"]).replace("RedshiftData.", "");
      const asked = JSON.parse((await buffer(request)).toString()) as {
        Id?: string;
        Sql?: string;
        Sqls?: string[];
        Parameters?: { name: string; value: string }[];
        ClientToken?: string;
        NextToken?: string;
      };
      const sqls = asked.Sqls ?? (asked.Sql === undefined ? [] : [asked.Sql]);
      const said = script(action, sqls);
      if (typeof said === "object" && "status" in said) {
        return { status: said.status, body: { __type: said.type, message: said.message } };
      }
      if (action === "DescribeStatement") {
        return { status: 200, body: describe(held.get(asked.Id!)!) };
      }
      if (action === "GetStatementResult") {
        return { status: 200, body: page(held.get(asked.Id!)!, asked.NextToken) };
      }
      const known = asked.ClientToken && tokens.get(asked.ClientToken);
      const id = known || randomUUID();
      if (!known) {
        if (asked.ClientToken) {
          tokens.set(asked.ClientToken, id);
          if (asked.Sqls) simulated.batches.push({ sqls, token: asked.ClientToken });
        }
        const parameters = Object.fromEntries(
          (asked.Parameters ?? []).map(({ name, value }) => [name, value]),
        );
        const fails = typeof said === "object" ? said : undefined;
        held.set(id, await simulated.#run(id, sqls, parameters, { s3, folder, fails }));
      }
      return { status: said === "lose" ? 0 : 200, body: { Id: id } };
    };
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const simulated = new SimulatedRedshift(url, duck, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      duck.closeSync();
    });
    return simulated;
  }

  /** Rows of the database, for a test that looks. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.#duck.runAndReadAll(sql)).getRowObjectsJson();
  }

  async #run(
    id: string,
    sqls: readonly string[],
    parameters: Readonly<Record<string, string>>,
    {
      s3,
      folder,
      fails,
    }: {
      readonly s3: S3Client;
      readonly folder: string;
      readonly fails: { readonly fails: string; readonly place: number } | undefined;
    },
  ): Promise<Statement> {
    const statement: Statement = {
      id,
      status: "SUBMITTED",
      end: "FINISHED",
      error: "",
      sqls,
      failedAt: -1,
      names: [],
      records: [],
    };
    if (sqls.length > 40) throw new Error("A batch has at most forty statements.");
    const unused = Object.keys(parameters).find((name) =>
      sqls.every((sql) => !new RegExp(`:${name}\\b`).test(sql)),
    );
    if (unused !== undefined) throw new Error(`The parameter ${unused} is in no statement.`);
    const batch = sqls.length > 1;
    if (batch) await this.#duck.run("BEGIN");
    let at = 0;
    try {
      for (const sql of sqls) {
        this.statements.push(sql);
        const parsed = parse(sql, Dialect.Redshift);
        if (!parsed.success) throw new Error(`syntax error: ${parsed.error}: ${sql}`);
        if (fails?.place === at) throw new Error(fails.fails);
        await this.#one(sql, parameters, statement, { s3, folder });
        at++;
      }
      if (batch) await this.#duck.run("COMMIT");
    } catch (thrown) {
      if (batch) await this.#duck.run("ROLLBACK");
      statement.end = "FAILED";
      statement.error = `ERROR: ${(thrown as Error).message}`;
      statement.failedAt = at;
    } finally {
      // A session ends with its batch, and takes its temporary tables along.
      const left = await this.#duck.runAndReadAll(
        "SELECT table_name FROM duckdb_tables() WHERE temporary",
      );
      for (const [name] of left.getRows()) await this.#duck.run(`DROP TABLE ${String(name)}`);
    }
    return statement;
  }

  async #one(
    sql: string,
    parameters: Readonly<Record<string, string>>,
    statement: Statement,
    { s3, folder }: { readonly s3: S3Client; readonly folder: string },
  ): Promise<void> {
    if (/^(LOCK|GRANT) /.test(sql)) return;
    const copy =
      /^COPY (\w+) \((.*)\) FROM '([^']+)' IAM_ROLE '[^']+' FORMAT AS PARQUET MANIFEST$/.exec(sql);
    if (copy) {
      await this.#copy(copy[1]!, copy[2]!.split(", "), copy[3]!, s3, folder);
      return;
    }
    const used: Record<string, string> = {};
    const own = sql
      .replace(/ DISTSTYLE .*$/, "")
      .replaceAll(/\bDATEDIFF\((\w+),/g, "date_diff('$1',")
      // What stands between quotes stays.
      .replaceAll(/'[^']*'|:([a-z]\w*)/g, (whole, name: string | undefined) => {
        if (name === undefined) return whole;
        used[name] = parameters[name]!;
        return `$${name}`;
      });
    const reader = await this.#duck.runAndReadAll(own, used);
    // DuckDB divides by zero without a word.
    if (/^SELECT 1 \/ CASE/.test(sql) && reader.getRows()[0]![0] !== 1) {
      throw new Error("Divide by zero");
    }
    if (/^\s*(SELECT|WITH)\b/i.test(sql)) {
      statement.names = reader.columnNames();
      statement.records = reader.getRows();
    }
  }

  /** Reads the files of a manifest, each with the columns of the list and no others, in their order. */
  async #copy(
    table: string,
    columns: readonly string[],
    manifest: string,
    s3: S3Client,
    folder: string,
  ): Promise<void> {
    const { bucket, key } = s3Place(manifest)!;
    const told = JSON.parse((await s3Bytes(bucket, key, s3))!.toString()) as {
      entries: { url: string; meta: { content_length: number } }[];
    };
    for (const { url, meta } of told.entries) {
      const place = s3Place(url)!;
      const path = join(folder, `${randomUUID()}.parquet`);
      if (!(await s3File(place.bucket, place.key, path, s3))) {
        throw new Error(`The specified S3 prefix does not exist: ${url}`);
      }
      const file = await asyncBufferFromFile(path);
      if (file.byteLength !== meta.content_length) {
        throw new Error(`File ${url} has ${file.byteLength} bytes, the manifest says otherwise`);
      }
      const { schema } = await parquetMetadataAsync(file);
      const names = schema.slice(1).map(({ name }) => `"${name}"`);
      const unsigned = schema.find(({ converted_type: type }) => type?.startsWith("UINT"));
      if (names.join() !== columns.join() || unsigned) {
        throw new Error(`Spectrum Scan Error: File ${url} has an incompatible Parquet schema`);
      }
      await this.#duck.run(
        `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM read_parquet('${path}')`,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
