import { readdir, readFile } from "node:fs/promises";
import { InvalidInput } from "../errors.ts";
import { publishedNames, publishedTables, type PublishedName } from "./tables.ts";

/** A question that analysts ask: one text for ClickHouse, for DuckDB over a lake, and for Redshift where it needs no other. */
export interface BookQuestion {
  readonly name: string;
  /** In a sentence. */
  readonly question: string;
  readonly sql: string;
  /** For Redshift. */
  readonly redshift: string;
  readonly parameters: readonly { readonly name: string; readonly type: "String" | "Date" }[];
  readonly tables: readonly PublishedName[];
}

/** How the text for Redshift ends its name, where it must be another. */
const twin = ".redshift.sql";

const folder = new URL("../warehouse/queries/", import.meta.url);

/** All questions, by their names. */
export async function queryBook(): Promise<BookQuestion[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const names = files.filter((name) => !name.endsWith(twin));
  return Promise.all(
    names.map(async (file) => {
      const [first, sql] = await readQuestion(file);
      const other = file.replace(/\.sql$/, twin);
      const [, redshift] = files.includes(other) ? await readQuestion(other) : [first, sql];
      const found = new Map(
        [...sql.matchAll(/\{(\w+):(String|Date)\}/g)].map(([, name, type]) => [
          name!,
          type as "String" | "Date",
        ]),
      );
      return {
        name: file.replace(/\.sql$/, ""),
        question: first,
        sql,
        redshift,
        parameters: [...found].map(([name, type]) => ({ name, type })),
        tables: publishedNames.filter((table) => new RegExp(`lake\\.${table}\\b`).test(sql)),
      };
    }),
  );
}

/** The question in words, and its text. */
async function readQuestion(file: string): Promise<[words: string, sql: string]> {
  const text = await readFile(new URL(file, folder), "utf8");
  const [first = "", ...rest] = text.split("\n");
  return [first.replace(/^--\s*/, ""), rest.join("\n").trim()];
}

/**
 * The values of a question's parameters.
 *
 * @throws InvalidInput for one that is missing, one too many, and a day that is none
 */
export function valuesOf(
  { name, parameters }: BookQuestion,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const odd = Object.keys(given).find((one) => parameters.every((known) => known.name !== one));
  const missing = parameters.find((one) => given[one.name] === undefined);
  if (odd !== undefined || missing !== undefined) {
    const wanted = parameters.map((one) => `${one.name}=${one.type.toUpperCase()}`).join(" ");
    throw new InvalidInput(
      `${name}: expected ${wanted === "" ? "no parameters" : `the parameters ${wanted}`}, got ${Object.keys(given).join(", ") || "none"}.`,
    );
  }
  const noDay = parameters.find(
    (one) => one.type === "Date" && !/^\d{4}-\d{2}-\d{2}$/.test(given[one.name]!),
  );
  if (noDay !== undefined) {
    throw new InvalidInput(
      `${name}: expected ${noDay.name} as YYYY-MM-DD, got "${given[noDay.name]!}".`,
    );
  }
  return { ...given };
}

/** A question's text for ClickHouse: tables of the lake are what would be published. */
export function forClickHouse({ sql }: BookQuestion): string {
  return sql.replaceAll(/\blake\.(\w+)(\s+AS\s+\w+)?/g, (whole, table: string, alias?: string) => {
    const published = (publishedTables as Readonly<Record<string, { select: string }>>)[table];
    if (published === undefined) return whole;
    const select = published.select
      .replaceAll("{asOf:DateTime('UTC')}", "toDateTime('2100-01-01 00:00:00', 'UTC')")
      .replaceAll("{target:String}", "''");
    return `(${select})${alias ?? ` AS ${table}`}`;
  });
}

/** A question's text for DuckDB, with `$name` for its parameters. */
export function forDuckDb({ sql }: BookQuestion): string {
  return sql.replaceAll(/\{(\w+):(String|Date)\}/g, (_, name: string, type: string) =>
    type === "Date" ? `CAST($${name} AS DATE)` : `CAST($${name} AS VARCHAR)`,
  );
}

/** A question's text for Redshift, with `:name` for its parameters. */
export function forRedshift({ redshift }: BookQuestion): string {
  return redshift
    .replaceAll(/\blake\.(\w+)/g, "quarry.$1")
    .replaceAll(/\{(\w+):(String|Date)\}/g, (_, name: string, type: string) =>
      type === "Date" ? `CAST(:${name} AS DATE)` : `:${name}`,
    );
}
