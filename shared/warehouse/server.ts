import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { SourceRejected, SourceUnavailable, messageOf } from "../errors.ts";
import type { Block } from "./native/column.ts";
import { readNative } from "./native/reader.ts";
import { parquetSettings } from "./parquet-settings.ts";
import type { Parameters, SourceFile, Warehouse } from "./warehouse.ts";

/** How to reach a server. */
export interface ServerOptions {
  /** `http(s)://host:port/database`; the path names the database, `default` when empty. */
  readonly url: URL;
  readonly user: string;
  readonly password: string;
  /** Certificate of the authority that signed the server's, PEM; undefined for the public ones. */
  readonly certificate?: string | undefined;
}

/**
 * Connects to a ClickHouse server over HTTP.
 *
 * @throws SourceUnavailable when nobody answers there
 * @throws SourceRejected when the server refuses the user
 */
export async function openServer({
  url,
  user,
  password,
  certificate,
}: ServerOptions): Promise<Warehouse> {
  const database = url.pathname.replace(/^\/|\/$/g, "") || "default";
  const location = `${url.origin}/${database}`;
  const client = createClient({
    url: url.origin,
    database,
    username: user,
    password,
    request_timeout: 3_600_000,
    ...(certificate !== undefined && { tls: { ca_cert: Buffer.from(certificate) } }),
    // What fails is thrown, and said once, by us.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      precise_float_parsing: 1,
      output_format_json_quote_64bit_integers: 0,
      session_timezone: "UTC",
      wait_end_of_query: 1,
    },
  });
  const ping = await client.ping({ select: true });
  if (!ping.success) {
    const reason = messageOf(ping.error);
    await client.close();
    if (/AUTHENTICATION|password|denied/i.test(reason)) {
      throw new SourceRejected(
        `ClickHouse at ${location} refuses user "${user}": check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.`,
      );
    }
    throw new SourceUnavailable(
      `No ClickHouse answers at ${location} (${reason}): check CLICKHOUSE_URL, or unset it to use ClickHouse in process.`,
    );
  }

  return {
    kind: "server",
    location,

    async command(sql: string, parameters: Parameters = {}): Promise<void> {
      await client.command({ query: sql, query_params: { ...parameters } });
    },

    async rows<Row>(sql: string, parameters: Parameters = {}): Promise<Row[]> {
      const query_params = { ...parameters };
      const result = await client.query({ query: sql, query_params, format: "JSONEachRow" });
      return result.json<Row>();
    },

    async readOnlyRows(sql: string): Promise<Record<string, unknown>[]> {
      const result = await client.query({
        query: sql,
        format: "JSONEachRow",
        clickhouse_settings: { readonly: "1" },
      });
      return result.json();
    },

    async *stream(sql: string, parameters: Parameters = {}): AsyncGenerator<Block> {
      const { stream } = await client.exec({
        query: `${sql}\nFORMAT Native`,
        query_params: { ...parameters },
        clickhouse_settings: { wait_end_of_query: 0 },
      });
      yield* readNative(stream);
    },

    async insertFrom(file: SourceFile, sql: string, parameters: Parameters = {}): Promise<void> {
      const input = "input({quarry_structure:String})";
      const { stream } = await client.exec({
        query: `${sql.replace("{file}", () => input)}\nFORMAT ${file.format}`,
        query_params: { ...parameters, quarry_structure: file.structure },
        values: Readable.from(contents([file.path].flat(), file.gzipped === true)),
      });
      stream.resume();
    },

    async exportParquet(path: string, select: string, parameters: Parameters = {}): Promise<void> {
      const { stream } = await client.exec({
        query: `${select} SETTINGS ${parquetSettings} FORMAT Parquet`,
        query_params: parameters,
      });
      await pipeline(stream, createWriteStream(path));
    },

    async within(other, work) {
      const there = new URL(url);
      there.pathname = `/${other}`;
      const warehouse = await openServer({ url: there, user, password, certificate });
      try {
        return await work(warehouse);
      } finally {
        await warehouse.close();
      }
    },

    close: () => client.close(),
  };
}

/** Files of a format whose files can stand after each other, unpacked, as one stream of bytes. */
async function* contents(paths: readonly string[], gzipped: boolean): AsyncGenerator<Buffer> {
  for (const path of paths) {
    const file = createReadStream(path);
    const bytes = gzipped ? file.pipe(createGunzip()) : file;
    file.on("error", (error) => bytes.destroy(error));
    yield* bytes as AsyncIterable<Buffer>;
  }
}
