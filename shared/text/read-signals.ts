import type { SecurityId } from "../market/security.ts";
import { numbers, texts } from "../warehouse/native/column.ts";
import { issuersOfSecurities } from "../warehouse/tables/issuers.ts";
import { chosenScoreSet } from "../warehouse/tables/scores.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { newsSignal, signalOf, type TextInput, type TextSignals } from "./text-inputs.ts";

/** Which scores are read, where there are several sets. */
export interface ScoreSets {
  readonly news?: string | undefined;
  readonly reports?: string | undefined;
}

/** Reads what texts say about securities. */
export class SignalReader {
  readonly #warehouse: Warehouse;
  readonly #signals: readonly string[];
  readonly #sets: readonly string[];
  readonly #newsSet: string | undefined;
  readonly #issuerOf: ReadonlyMap<SecurityId, string>;

  private constructor(
    warehouse: Warehouse,
    signals: readonly string[],
    sets: readonly string[],
    newsSet: string | undefined,
    issuerOf: ReadonlyMap<SecurityId, string>,
  ) {
    this.#warehouse = warehouse;
    this.#signals = signals;
    this.#sets = sets;
    this.#newsSet = newsSet;
    this.#issuerOf = issuerOf;
  }

  /**
   * @param inputs that factors read of texts
   * @returns undefined when they read none
   * @throws InvalidInput where there are several score sets, and nobody says which
   */
  static async open(
    warehouse: Warehouse,
    inputs: readonly TextInput[],
    sets: ScoreSets,
  ): Promise<SignalReader | undefined> {
    if (inputs.length === 0) return undefined;
    const signals = [...new Set(inputs.map((input) => signalOf(input).signal))].sort();
    const news = signals.includes(newsSignal)
      ? await chosenScoreSet(
          warehouse,
          { table: "scores", task: "sentiment" },
          sets.news,
          "QUARRY_NEWS_SCORES",
        )
      : undefined;
    const rated = signals.some((signal) => signal.startsWith("report_rating_"));
    const reports = rated
      ? await chosenScoreSet(warehouse, { table: "reports" }, sets.reports, "QUARRY_REPORT_SCORES")
      : undefined;
    const issuers = await issuersOfSecurities(warehouse);
    return new SignalReader(
      warehouse,
      signals.filter((signal) => signal !== newsSignal),
      reports === undefined ? [] : [reports],
      news,
      new Map(issuers.map(({ securityId, issuerId }) => [securityId, issuerId])),
    );
  }

  /** The signals of some securities, by security; those of which no text says anything are left out. */
  async read(securities: readonly SecurityId[]): Promise<Map<SecurityId, TextSignals>> {
    const rows = new Map<string, Row[]>();
    const issuers = securities.flatMap((id) => this.#issuerOf.get(id) ?? []);
    const blocks = this.#warehouse.stream(
      `SELECT subject, signal, toInt32(period) AS period, value, toFloat64(toUnixTimestamp(known)) AS known FROM (
         SELECT l.security_id AS subject, {news:String} AS signal, toDate(min(l.known_at)) AS period, any(s.value) AS value,
           -- An older article that came later tells the story earlier, and its score is of the text that was known then.
           greatest(min(l.known_at), any(s.at)) AS known
         FROM (SELECT DISTINCT security_id, article_id, known_at FROM article_links WHERE security_id IN {securities:Array(String)}) AS l
         INNER JOIN (SELECT DISTINCT article_id, story FROM articles) AS a ON l.article_id = a.article_id
         INNER JOIN (SELECT subject, argMax(value, ingested_at) AS value, argMax(known_at, ingested_at) AS at FROM scores
           WHERE task = 'sentiment' AND score_set = {newsSet:String} AND state = 'scored' GROUP BY subject) AS s ON a.story = s.subject
         GROUP BY l.security_id, a.story
         UNION ALL
         SELECT subject, signal, period_end AS period, argMax(value, ingested_at) AS value, argMax(known_at, ingested_at) AS known FROM text_signals
         WHERE subject IN {subjects:Array(String)} AND signal IN {signals:Array(String)}
           AND (NOT startsWith(signal, 'report_rating_') OR score_set IN {sets:Array(String)})
         GROUP BY subject, signal, score_set, document, period_end)
       WHERE value IS NOT NULL
       ORDER BY subject, known, signal, period, value`,
      {
        news: newsSignal,
        newsSet: this.#newsSet ?? "",
        securities: this.#newsSet === undefined ? [] : securities,
        subjects: [...securities, ...issuers],
        signals: this.#signals,
        sets: this.#sets,
      },
    );
    for await (const block of blocks) {
      const subjects = texts(block, "subject");
      const signals = texts(block, "signal");
      const [period, value, known] = ["period", "value", "known"].map((name) =>
        numbers(block, name),
      );
      for (let row = 0; row < block.rows; row++) {
        const own = rows.get(subjects[row]!) ?? [];
        own.push({
          signal: signals[row]!,
          period: period![row]!,
          value: value![row]!,
          known: known![row]!,
        });
        rows.set(subjects[row]!, own);
      }
    }
    const found = new Map<SecurityId, TextSignals>();
    for (const id of securities) {
      const issuer = this.#issuerOf.get(id);
      const own = [...(rows.get(id) ?? []), ...(issuer ? (rows.get(issuer) ?? []) : [])];
      if (own.length > 0) found.set(id, columnsOf(own));
    }
    return found;
  }
}

interface Row {
  readonly signal: string;
  readonly period: number;
  readonly value: number;
  readonly known: number;
}

function columnsOf(rows: readonly Row[]): TextSignals {
  const sorted = [...rows].sort(
    (a, b) =>
      a.known - b.known ||
      (a.signal < b.signal ? -1 : a.signal > b.signal ? 1 : 0) ||
      a.period - b.period,
  );
  const names = [...new Set(sorted.map(({ signal }) => signal))].sort();
  return {
    names,
    name: Uint16Array.from(sorted, ({ signal }) => names.indexOf(signal)),
    period: Int32Array.from(sorted, ({ period }) => period),
    value: Float64Array.from(sorted, ({ value }) => value),
    known: Float64Array.from(sorted, ({ known }) => known),
  };
}

/** What tells the texts that there are, and their scores, from others. */
export async function textThere(warehouse: Warehouse): Promise<Record<string, string>> {
  const rows = await warehouse.rows<Record<string, string>>(
    `SELECT (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(subject, score_set, state, value, known_at) AS hash FROM scores)) AS scores,
       (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(article_id, security_id, known_at) AS hash FROM article_links)) AS links,
       (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(article_id, story) AS hash FROM articles)) AS stories,
       (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(subject, signal, score_set, document, value, known_at) AS hash FROM text_signals)) AS signals`,
  );
  return rows[0]!;
}
