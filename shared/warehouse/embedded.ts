import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { Busy, InvalidInput, messageOf } from "../errors.ts";
import type { Block } from "./native/column.ts";
import { readNative } from "./native/reader.ts";
import { parquetSettings } from "./parquet-settings.ts";
import type { Parameters as Bound, SourceFile, Warehouse } from "./warehouse.ts";

/** Who holds an embedded warehouse, as its lock file says. */
interface Holder {
  readonly pid: number;
  readonly since: string;
}

function livingHolder(lockFile: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lockFile, "utf8")) as Holder;
    if (holder.pid === process.pid) return undefined;
    process.kill(holder.pid, 0);
    // The number may belong to another program by now; where /proc tells, ask it.
    const commandLine = readCommandLine(holder.pid);
    return commandLine === undefined || commandLine.includes("node") ? holder : undefined;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM" ? { pid: 0, since: "?" } : undefined;
  }
}

function readCommandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return undefined;
  }
}

function busy(folder: string, holder: Holder | undefined): Busy {
  const who = holder ? `process ${holder.pid} since ${holder.since}` : "another process";
  return new Busy(
    `The warehouse in ${folder} is in use by ${who}; wait for it to end, or set QUARRY_HOME to another folder.`,
  );
}

type ChdbHook = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;

/** Bound parameters as chdb takes them: it would cut an instant to the second. */
function plain(parameters: Bound): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value instanceof Date ? (value.getTime() / 1000).toFixed(3) : value,
    ]),
  );
}

/** What ClickHouse needs to hear once: exact decimals, and no wrapping of JSON integers in quotes. */
const sessionSettings = [
  "precise_float_parsing = 1",
  "output_format_json_quote_64bit_integers = 0",
  "session_timezone = 'UTC'",
];

/**
 * Opens ClickHouse in this process on a folder, which is made when it is not there.
 * One folder belongs to one process at a time.
 *
 * @param folder the data directory
 * @throws Busy when another process holds it
 */
export async function openEmbedded(folder: string): Promise<Warehouse> {
  mkdirSync(folder, { recursive: true });
  const lockFile = join(folder, "holder.json");
  const holder = livingHolder(lockFile);
  if (holder) throw busy(folder, holder);

  const [{ createChdbConnection }, { Session }] = await Promise.all([
    import("chdb/connection"),
    import("chdb"),
  ]);
  let client: ClickHouseClient;
  let session: InstanceType<typeof Session>;
  try {
    const connection = createChdbConnection({ path: folder });
    // chdb and the client each bring a copy of the same connection type.
    client = createClient({ connection: connection as unknown as ChdbHook });
    // The client buffers whole results; its own session of the same engine streams them.
    session = new Session(folder);
  } catch (thrown) {
    if (/create connection/.test(messageOf(thrown))) throw busy(folder, livingHolder(lockFile));
    throw thrown;
  }
  writeFileSync(lockFile, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  for (const setting of sessionSettings) {
    await client.command({ query: `SET ${setting}` });
    session.query(`SET ${setting}`);
  }

  const command = async (sql: string, parameters: Bound = {}): Promise<void> => {
    await client.command({ query: sql, query_params: plain(parameters) });
  };

  const use = async (database: string): Promise<void> => {
    await client.command({ query: `USE ${database}` });
    session.query(`USE ${database}`);
  };

  const warehouse: Warehouse = {
    kind: "embedded",
    location: folder,
    command,

    async rows<Row>(sql: string, parameters: Bound = {}): Promise<Row[]> {
      const query_params = plain(parameters);
      const result = await client.query({ query: sql, query_params, format: "JSONEachRow" });
      return result.json<Row>();
    },

    async readOnlyRows(sql: string): Promise<Record<string, unknown>[]> {
      if (writesFile(sql))
        throw new InvalidInput("INTO OUTFILE is refused: redirect the output instead.");
      // A session of its own, as nothing can be taken back once it is read-only.
      const guest = new Session(folder);
      try {
        guest.query("SET output_format_json_quote_64bit_integers = 0");
        guest.query("SET readonly = 1");
        const result = await guest.queryAsync(sql, { format: "JSONEachRow" });
        return result
          .text()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      } finally {
        guest.close();
      }
    },

    async *stream(sql: string, parameters: Bound = {}): AsyncGenerator<Block> {
      const chunks = session.queryStreamBind(sql, plain(parameters), { format: "Native" });
      yield* readNative(bytes(chunks));
    },

    async insertFrom(file: SourceFile, sql: string, parameters: Bound = {}): Promise<void> {
      const rows =
        "file({quarry_path:String}, {quarry_format:String}, {quarry_structure:String}, {quarry_packing:String})";
      const named = asPattern([file.path].flat());
      try {
        await command(
          sql.replace("{file}", () => rows),
          {
            ...parameters,
            quarry_path: named.pattern,
            quarry_format: file.format,
            quarry_structure: file.structure,
            quarry_packing: file.gzipped === true ? "gzip" : "none",
          },
        );
      } finally {
        named.release();
      }
    },

    async exportParquet(path: string, select: string, parameters: Bound = {}): Promise<void> {
      await command(
        `INSERT INTO FUNCTION file({quarry_path:String}, 'Parquet') ${select} SETTINGS ${parquetSettings}, engine_file_truncate_on_insert = 1`,
        { ...parameters, quarry_path: resolve(path) },
      );
    },

    async within(database, work) {
      await use(database);
      try {
        return await work(warehouse);
      } finally {
        await use("default");
      }
    },

    async close(): Promise<void> {
      session.close();
      await client.close();
      rmSync(lockFile, { force: true });
    },
  };
  return warehouse;
}

/**
 * A path that ClickHouse reads as these files and nothing else. It takes `*?{}[],` for a pattern, and a pattern's braces
 * hold no slash: several files, and files with such names, are read through links in a folder of their own.
 */
function asPattern(paths: readonly string[]): { pattern: string; release: () => void } {
  const [first = ""] = paths;
  if (paths.length === 1 && !/[*?{}[\],]/.test(first)) {
    return { pattern: resolve(first), release: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "quarry-files-"));
  for (const [at, path] of paths.entries()) {
    symlinkSync(resolve(path), join(folder, String(at).padStart(6, "0")));
  }
  return {
    pattern: join(folder, "*"),
    release: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** True for a statement that leaves a file: ClickHouse in process writes one, read-only or not. */
function writesFile(sql: string): boolean {
  const quotedOrComment = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;
  return /\binto\s+outfile\b/i.test(sql.replaceAll(quotedOrComment, " "));
}

async function* bytes(chunks: AsyncIterable<{ raw(): Uint8Array }>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.raw();
}
