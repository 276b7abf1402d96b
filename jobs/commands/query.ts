import { Option, type Command } from "commander";
import { InvalidInput, messageOf } from "../../shared/errors.ts";
import type { BookQuestion } from "../../shared/lake/query-book.ts";
import { orDemoHome } from "../demo-home.ts";
import { settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";

interface Flags extends CommonFlags {
  readonly on: "clickhouse" | "lake" | "redshift";
  readonly env?: string;
  readonly lake: string;
  readonly param: Record<string, string>;
  readonly list?: boolean;
}

/** `quarry query SQL`, `quarry query NAME` */
export function addQuery(program: Command, context: CommandContext): void {
  program
    .command("query")
    .description(
      "run a SELECT on the warehouse, or a question of the query book there, on a lake or on Redshift",
    )
    .argument("[sql]", "ClickHouse SQL, by which nothing can be changed; or a question's name")
    .option("--list", "the questions of the query book")
    .addOption(
      new Option("--on <where>", "where a question is asked")
        .choices(["clickhouse", "lake", "redshift"])
        .default("clickhouse"),
    )
    .option("--lake <folder>", "folder of the lake", "lake")
    .option("--env <name>", "environment that was deployed, whose Redshift is asked")
    .option("--param <name=value>", "a parameter of a question; more than once for more", pair, {})
    .action(async (sql: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const print = (rows: readonly Record<string, unknown>[]): void => {
        openTerminal(true).print(flags.json ? JSON.stringify(rows, null, 2) : show(rows));
      };
      const isName = sql !== undefined && /^[\w-]+$/.test(sql);
      if (flags.env !== undefined && flags.on !== "redshift") {
        throw new InvalidInput(
          `--env ${flags.env}: expected with --on redshift; the lake of an environment is asked in its workgroup of Athena.`,
        );
      }
      if (flags.list || isName) {
        const { queryBook } = await import("../../shared/lake/query-book.ts");
        const book = await queryBook();
        print(flags.list ? listed(book) : await asked(named(sql!, book), flags, context));
        return;
      }
      if (sql === undefined) {
        throw new InvalidInput('Expected SQL, or the name of a question ("quarry query --list").');
      }
      if (flags.on !== "clickhouse") {
        throw new InvalidInput(`--on ${flags.on}: expected a question of the query book (--list).`);
      }
      const { openWarehouse } = await import("../../shared/warehouse/connect.ts");
      const warehouse = await openWarehouse(settingsOf(orDemoHome(flags)));
      try {
        print(await readOnly(() => warehouse.readOnlyRows(sql)));
      } finally {
        await warehouse.close();
      }
    });
}

const pair = (text: string, before: Record<string, string>): Record<string, string> => {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidInput(`--param: expected name=value, got "${text}".`);
  }
  return { ...before, [name]: value };
};

const listed = (book: readonly BookQuestion[]): Record<string, unknown>[] =>
  book.map(({ name, question, parameters }) => ({
    name,
    question,
    parameters: parameters.map((one) => one.name).join(", "),
  }));

function named(name: string, book: readonly BookQuestion[]): BookQuestion {
  const question = book.find((one) => one.name === name);
  if (question !== undefined) return question;
  const names = book.map((one) => one.name).join(", ");
  throw new InvalidInput(`Expected SQL, or one of the questions ${names}, got "${name}".`);
}

/** Asks a question where it is wanted. */
async function asked(
  question: BookQuestion,
  flags: Flags,
  { signal }: CommandContext,
): Promise<Record<string, unknown>[]> {
  const { forClickHouse, forDuckDb, forRedshift, valuesOf } =
    await import("../../shared/lake/query-book.ts");
  const values = valuesOf(question, flags.param);
  if (flags.on === "redshift") {
    const { openRedshift } = await import("../publish/open-redshift.ts");
    const redshift = await openRedshift(settingsOf(flags), signal, flags.env);
    return redshift.rows(forRedshift(question), values);
  }
  if (flags.on === "lake") {
    const { LakeReader } = await import("../../shared/lake/lake-reader.ts");
    await using lake = await LakeReader.open(flags.lake);
    for (const table of question.tables) await lake.attach(table);
    return await lake.rows(forDuckDb(question), values);
  }
  const { openWarehouse } = await import("../../shared/warehouse/connect.ts");
  const warehouse = await openWarehouse(settingsOf(orDemoHome(flags)));
  try {
    return await warehouse.rows(forClickHouse(question), values);
  } finally {
    await warehouse.close();
  }
}

async function readOnly(
  query: () => Promise<Record<string, unknown>[]>,
): Promise<Record<string, unknown>[]> {
  try {
    return await query();
  } catch (thrown) {
    throw new InvalidInput(`ClickHouse can't run that: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function show(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return "No rows.";
  return textTable(
    names.map((head) => ({
      head,
      cell: (row: Record<string, unknown>) => text(row[head]),
      right: typeof rows[0]![head] === "number",
    })),
    rows,
  );
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
