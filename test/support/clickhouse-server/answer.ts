import { randomUUID } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Session } from "chdb";

/** What the server is. */
export interface Server {
  readonly folder: string;
  readonly password: string;
}

/** A failure as ClickHouse words it. */
class Refusal extends Error {
  readonly code: number;
  readonly status: number;

  constructor(status: number, code: number, text: string) {
    super(`Code: ${code}. DB::Exception: ${text}`);
    this.code = code;
    this.status = status;
  }
}

/** ClickHouse's http_max_field_value_size; it holds for the query and for every parameter in the address. */
const maxFieldBytes = 131_072;

/** Parameters of the address that are not settings. */
const own = new Set([
  "query",
  "query_id",
  "database",
  "session_id",
  "wait_end_of_query",
  "default_format",
]);

/** Answers one request; a request is a session. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  server: Server,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const folder = mkdtempSync(join(tmpdir(), "quarry-clickhouse-"));
  let session: Session | undefined;
  try {
    if (url.pathname === "/ping") {
      response.end("Ok.\n");
      return;
    }
    checkFields(url.search);
    authenticate(request, server);
    const inAddress = url.searchParams.get("query");
    const body = join(folder, "body");
    const bytes = await receive(request, body);
    const sql = inAddress ?? bytes.toString("utf8");
    session = new Session(server.folder);
    prepare(session, url.searchParams);
    response.setHeader("X-ClickHouse-Query-Id", url.searchParams.get("query_id") ?? randomUUID());
    response.setHeader("X-ClickHouse-Summary", "{}");
    await (inAddress === null ? run : insert)(session, sql, body, url.searchParams, response);
  } catch (thrown) {
    fail(response, thrown);
  } finally {
    session?.close();
    rmSync(folder, { recursive: true });
  }
}

function checkFields(search: string): void {
  for (const field of search.slice(1).split("&")) {
    const value = field.slice(field.indexOf("=") + 1);
    if (value.length <= maxFieldBytes) continue;
    const name = field.slice(0, field.indexOf("="));
    throw new Refusal(500, 1000, `HTML Form Exception: Field value too long (${name})`);
  }
}

function authenticate({ headers }: IncomingMessage, { password }: Server): void {
  const given = Buffer.from((headers.authorization ?? "").replace(/^Basic /, ""), "base64");
  if (given.toString("utf8") === `default:${password}`) return;
  throw new Refusal(
    403,
    516,
    "default: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)",
  );
}

/** Keeps a body in a file; a server unpacks one that says it is packed, and no other. */
async function receive(request: IncomingMessage, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const gzipped = request.headers["content-encoding"] === "gzip";
  const source = gzipped ? request.pipe(createGunzip()) : request;
  source.on("data", (chunk: Buffer) => chunks.push(chunk));
  await pipeline(source, createWriteStream(path));
  return Buffer.concat(chunks);
}

const quoted = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\0", "\\0")}'`;

/** Settings and parameters of the address; readonly last, as nothing can be set after it. */
function prepare(session: Session, fields: URLSearchParams): void {
  const set = [...fields].filter(([name]) => !own.has(name));
  for (const [name, value] of set.sort(
    ([a], [b]) => Number(a === "readonly") - Number(b === "readonly"),
  )) {
    session.query(`SET ${name} = ${name.startsWith("param_") ? quoted(value) : setting(value)}`);
  }
}

const setting = (value: string): string => (/^\d+$/.test(value) ? value : quoted(value));

/** Runs a statement whose text is the body. */
async function run(
  session: Session,
  sql: string,
  _: string,
  fields: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const format = /\sFORMAT\s+(\w+)\s*$/i.exec(sql);
  const plain = format ? sql.slice(0, format.index) : sql;
  const named = { format: format?.[1] ?? "TabSeparated" };
  if (fields.get("wait_end_of_query") === "1" || named.format !== "Native") {
    const result = await session.queryAsync(plain, named);
    response.end(result.bytes());
    return;
  }
  for await (const chunk of session.queryStream(plain, named)) response.write(chunk.raw());
  response.end();
}

/** Runs an `INSERT ... SELECT ... FROM input(structure) ... FORMAT name` whose rows are the body. */
async function insert(
  session: Session,
  sql: string,
  body: string,
  _: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const named = /\bFORMAT\s+(\w+)\s*$/.exec(sql);
  if (named === null || !sql.includes("input(")) {
    const result = await session.queryAsync(sql);
    response.end(result.bytes());
    return;
  }
  // ClickHouse in process has no connection that rows could come by; a file without an ending is read as it stands.
  const rows = `file(${quoted(body)}, ${quoted(named[1]!)}, $1, 'none')`;
  await session.queryAsync(
    sql
      .slice(0, named.index)
      .replace(/input\(([^()]*)\)/, () => rows.replace("$1", /input\(([^()]*)\)/.exec(sql)![1]!)),
  );
  response.end();
}

/** A failure before the first byte has a status and a code; a later one stands in the body, and the body breaks off. */
function fail(response: ServerResponse, thrown: unknown): void {
  const text =
    thrown instanceof Error ? thrown.message.replace(/^Query failed: /, "") : String(thrown);
  if (response.headersSent) {
    response.end(`\n${text}\n`);
    return;
  }
  const code =
    thrown instanceof Refusal ? thrown.code : Number(/^Code: (\d+)/.exec(text)?.[1] ?? 1001);
  response.writeHead(thrown instanceof Refusal ? thrown.status : 500, {
    "X-ClickHouse-Exception-Code": String(code),
    "Content-Type": "text/plain; charset=UTF-8",
  });
  response.end(`${text} (version 26.7.2.1 (official build))\n`);
}
