import type { Settings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { knownModel } from "../../shared/text/models.ts";
import { readScore, scoreKeys, type ScoreRecord } from "../../shared/text/score-record.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { CommonFlags } from "../run-job.ts";
import type { Terminal } from "../terminal.ts";

/** What a score is of, as the warehouse knows it. */
interface Subject {
  readonly kind: "article" | "report" | "filing";
  readonly title: string;
  readonly address: string;
  readonly known_at: string;
}

/**
 * Prints all that is known of a score.
 *
 * @throws InvalidInput for a key that no score has, and for a beginning that several have
 */
export async function showScore(
  key: string,
  flags: CommonFlags,
  settings: Settings,
  terminal: Pick<Terminal, "print">,
): Promise<void> {
  if (!/^[\da-f]{1,64}$/.test(key)) {
    throw new InvalidInput(`Expected the key of a score, letters a to f and digits, got "${key}".`);
  }
  const [{ openObjects }, { openWarehouse }] = await Promise.all([
    import("../../shared/objects/open-objects.ts"),
    import("../../shared/warehouse/connect.ts"),
  ]);
  const objects = await openObjects(settings);
  const found: string[] = [];
  if (key.length === 64) found.push(key);
  else for await (const one of scoreKeys(objects, key)) found.push(one);
  if (found.length > 1) {
    throw new InvalidInput(
      `${found.length} scores begin with ${key}: ${found.slice(0, 5).join(", ")}; give more of it.`,
    );
  }
  const record = found[0] === undefined ? undefined : await readScore(objects, found[0]);
  if (record === undefined) throw new InvalidInput(`There is no score ${key}.`);
  const warehouse = await openWarehouse(settings);
  try {
    const subject = await subjectOf(warehouse, record.key);
    terminal.print(
      flags.json ? JSON.stringify({ ...record, subject }, null, 2) : describe(record, subject),
    );
  } finally {
    await warehouse.close();
  }
}

async function subjectOf(warehouse: Warehouse, key: string): Promise<Subject | null> {
  const rows = await warehouse.rows<Subject>(
    `SELECT 'article' AS kind, title, url AS address, toString(known_at) AS known_at FROM articles FINAL
     WHERE article_id IN (SELECT subject FROM scores WHERE score_key = {key:String})
     UNION ALL
     SELECT 'report' AS kind, concat(ticker, ', period to ', toString(period_end)) AS title, file AS address, toString(known_at) AS known_at
     FROM reports FINAL WHERE score_key = {key:String}
     UNION ALL
     SELECT 'report' AS kind, concat(ticker, ', period to ', toString(period_end), ', pages ', toString(JSONExtractUInt(part, 'from')), ' to ', toString(JSONExtractUInt(part, 'to'))) AS title,
       file AS address, toString(known_at) AS known_at
     FROM reports FINAL ARRAY JOIN JSONExtractArrayRaw(report, 'parts') AS part WHERE JSONExtractString(part, 'key') = {key:String}
     UNION ALL
     SELECT 'filing' AS kind, splitByChar(' ', subject)[2] AS title, splitByChar(' ', subject)[1] AS address, toString(known_at) AS known_at
     FROM scores FINAL WHERE score_key = {key:String} AND task = 'proxy'
     LIMIT 1`,
    { key },
  );
  return rows[0] ?? null;
}

function describe(record: ScoreRecord, subject: Subject | null): string {
  const price = knownModel(record.model)?.price;
  const rows: [string, string][] = [
    ["score", record.key],
    ["state", record.reason === "" ? record.state : `${record.state}: ${record.reason}`],
    ["task", record.task],
    ...(subject === null
      ? []
      : ([
          [subject.kind, subject.title],
          ["address", subject.address],
          ["known at", `${subject.known_at} UTC`],
        ] as [string, string][])),
    ["document", record.document],
    ["prompt", `${record.prompt.name} ${record.prompt.hash}`],
    ["schema", record.schema],
    ["model", `${record.model} (${record.provider})`],
    ["parameters", JSON.stringify(record.parameters)],
    [
      "tokens",
      `${record.tokens_in} in, ${record.tokens_out} out, ${record.tokens_cached} from its cache`,
    ],
    [
      "price",
      price === undefined
        ? record.provider === "local"
          ? "nothing"
          : "nobody knows"
        : `${price.input} and ${price.output} USD a million tokens`,
    ],
    ["cost", record.cost_usd === null ? "nobody knows" : `${record.cost_usd.toFixed(6)} USD`],
    ["scored at", `${record.scored_at}, ${record.latency_ms} ms, run ${record.run_id}`],
    ["answer", record.answer === null ? "none" : JSON.stringify(record.answer, null, 2)],
  ];
  return [
    ...rows.map(
      ([name, value]) => `${name.padEnd(11)}${value.replaceAll("\n", `\n${" ".repeat(11)}`)}`,
    ),
    ...record.replies.map((reply, at) => `reply ${at + 1}    ${JSON.stringify(reply)}`),
  ].join("\n");
}
