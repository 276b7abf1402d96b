import { settings as variables, type Settings } from "../env.ts";
import type { SecurityId } from "../market/security.ts";
import { numbers, texts } from "../warehouse/native/column.ts";
import { issuersOfSecurities } from "../warehouse/tables/issuers.ts";
import { chosenScoreSet } from "../warehouse/tables/scores.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import {
  newsSignal,
  proxySignals,
  signalOf,
  type TextInput,
  type TextSignals,
} from "./text-inputs.ts";

/** The score sets that are read: of news, of reports, of proxy statements; undefined where there are no scores. */
export interface ScoreSets {
  readonly news?: string | undefined;
  readonly reports?: string | undefined;
  readonly proxies?: string | undefined;
}

const isRating = (signal: string): boolean => signal.startsWith("report_rating_");
const isOfProxies = (signal: string): boolean => proxySignals.some((name) => name === signal);

/**
 * Which scores factors read, as far as they ask for any: the ones there are, or of several those that are configured.
 *
 * @param inputs that factors read of texts
 * @throws InvalidInput where there are several score sets and nobody says which, and for one that is not there
 */
export async function scoreSetsOf(
  warehouse: Warehouse,
  inputs: readonly TextInput[],
  settings: Settings,
): Promise<ScoreSets> {
  const signals = inputs.map((input) => signalOf(input).signal);
  const choose = (
    isAsked: boolean,
    from: Parameters<typeof chosenScoreSet>[1],
    name: "newsScores" | "reportScores" | "proxyScores",
  ): Promise<string | undefined> =>
    isAsked
      ? chosenScoreSet(warehouse, from, settings.get(name), variables[name].variable)
      : Promise.resolve(undefined);
  return {
    news: await choose(
      signals.includes(newsSignal),
      { table: "scores", task: "sentiment" },
      "newsScores",
    ),
    reports: await choose(signals.some(isRating), { table: "reports" }, "reportScores"),
    proxies: await choose(
      signals.some(isOfProxies),
      { table: "scores", task: "proxy" },
      "proxyScores",
    ),
  };
}

/** Reads what texts say about securities. */
export class SignalReader {
  readonly #warehouse: Warehouse;
  readonly #signals: readonly string[];
  readonly #sets: ScoreSets;
  readonly #issuerOf: ReadonlyMap<SecurityId, string>;

  private constructor(
    warehouse: Warehouse,
    signals: readonly string[],
    sets: ScoreSets,
    issuerOf: ReadonlyMap<SecurityId, string>,
  ) {
    this.#warehouse = warehouse;
    this.#signals = signals;
    this.#sets = sets;
    this.#issuerOf = issuerOf;
  }

  /**
   * @param inputs that factors read of texts
   * @param sets by `scoreSetsOf`
   * @returns undefined when they read none
   */
  static async open(
    warehouse: Warehouse,
    inputs: readonly TextInput[],
    sets: ScoreSets,
  ): Promise<SignalReader | undefined> {
    if (inputs.length === 0) return undefined;
    const signals = [...new Set(inputs.map((input) => signalOf(input).signal))].sort();
    const issuers = await issuersOfSecurities(warehouse);
    const issuerOf = new Map(issuers.map(({ securityId, issuerId }) => [securityId, issuerId]));
    return new SignalReader(warehouse, signals, sets, issuerOf);
  }

  /** The signals of some securities, by security; those of which no text says anything are left out. */
  async read(securities: readonly SecurityId[]): Promise<Map<SecurityId, TextSignals>> {
    const { news, reports, proxies } = this.#sets;
    const rows = new Map<string, Row[]>();
    const issuers = securities.flatMap((id) => this.#issuerOf.get(id) ?? []);
    const blocks = this.#warehouse.stream(
      `SELECT subject, signal, toInt32(period) AS period, value, toFloat64(toUnixTimestamp(known)) AS known FROM (
         SELECT l.security_id AS subject, {news:String} AS signal, toDate(min(l.known_at)) AS period, any(s.value) AS value,
           -- An older article that came later tells the story earlier, and its score is of the text that was known then.
           greatest(min(l.known_at), any(s.at)) AS known
         FROM (SELECT DISTINCT security_id, article_id, known_at FROM article_links WHERE security_id IN {securities:Array(String)}) AS l
         INNER JOIN (SELECT DISTINCT article_id, story FROM articles
           WHERE article_id IN (SELECT article_id FROM article_links WHERE security_id IN {securities:Array(String)})) AS a ON l.article_id = a.article_id
         INNER JOIN (SELECT subject, argMax(value, ingested_at) AS value, argMax(known_at, ingested_at) AS at FROM scores
           WHERE task = 'sentiment' AND score_set = {newsSet:String} AND state = 'scored' GROUP BY subject) AS s ON a.story = s.subject
         GROUP BY l.security_id, a.story
         UNION ALL
         SELECT subject, signal, period_end AS period, argMax(value, ingested_at) AS value, argMax(known_at, ingested_at) AS known FROM text_signals
         WHERE subject IN {subjects:Array(String)} AND signal IN {signals:Array(String)}
           AND score_set = multiIf(startsWith(signal, 'report_rating_'), {reports:String}, signal IN {ofProxies:Array(String)}, {proxies:String}, '')
         GROUP BY subject, signal, score_set, document, period_end)
       WHERE value IS NOT NULL
       ORDER BY subject, known, signal, period, value`,
      {
        news: newsSignal,
        newsSet: news ?? "",
        securities: news === undefined ? [] : securities,
        subjects: [...securities, ...issuers],
        signals: this.#signals,
        // A set that is not there is nobody's.
        reports: reports ?? "none",
        proxies: proxies ?? "none",
        ofProxies: proxySignals,
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
