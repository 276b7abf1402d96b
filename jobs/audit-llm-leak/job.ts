import { InvalidInput } from "../../shared/errors.ts";
import { spearman } from "../../shared/evaluation/spearman.ts";
import { comparable } from "../../shared/market/universe.ts";
import { Budget } from "../../shared/text/budget.ts";
import { masked } from "../../shared/text/mask.ts";
import { knownModel } from "../../shared/text/models.ts";
import { pressName } from "../../shared/text/news/mentions.ts";
import type { ModelChoice } from "../../shared/text/chosen-model.ts";
import { openModel } from "../../shared/text/open-model.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { scoreAll, type ScoreState } from "../../shared/text/score-all.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { sentimentIn, sentimentRequest } from "../../shared/text/sentiment.ts";
import { tickerNames } from "../../shared/warehouse/tables/issuers.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";

export interface LlmLeakArgs extends ModelChoice {
  /** Texts that are compared: so many, evenly over time. */
  readonly sample: number;
  readonly prompt: string | undefined;
  readonly budgetUsd: number | undefined;
  readonly concurrency: number;
}

export interface LlmLeakReport {
  readonly provider: string;
  readonly model: string;
  /** Texts that have both scores. */
  readonly compared: number;
  readonly states: Readonly<Partial<Record<ScoreState, number>>>;
  /** Texts that masking changed. */
  readonly masked: number;
  /** Raw minus masked. */
  readonly difference: {
    readonly mean: number | null;
    readonly mean_absolute: number | null;
    /** Share of texts whose score is another one. */
    readonly changed: number | null;
  };
  /** Rank correlation of scores with the return of the next session; null with too few texts. */
  readonly ic: {
    readonly raw: number | null;
    readonly masked: number | null;
    readonly texts: number;
  };
  /** Last day of what the model was trained on; null where nobody says. */
  readonly trained_until: string | null;
  /** Share of texts published by that day: of those the model may know what came after. */
  readonly before_training_end: number | null;
  readonly spent_usd: number | null;
}

interface Sampled {
  readonly id: string;
  readonly text: string;
  readonly published: string;
  readonly tickers: readonly string[];
  readonly next: number | null;
}

const fewestForIc = 10;

/**
 * Looks for what a model knows beside the text: scores each sampled text as it is, and with the names of companies, tickers, people
 * and dates masked.
 *
 * @throws InvalidInput without texts
 */
export async function run(
  args: LlmLeakArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<LlmLeakReport> {
  const { warehouse, objects, runId, now, progress } = deps;
  const texts = await sampled(warehouse, args.sample);
  if (texts.length === 0) {
    throw new InvalidInput(
      'The warehouse holds no news of securities: run "quarry backfill news" or "quarry import news" first.',
    );
  }
  const prompt = await readPrompt("news-sentiment", args.prompt);
  const names = await tickerNames(warehouse);
  const { model, close } = await openModel(args, deps, runId);
  try {
    const pairs = texts.map((one) => {
      const known = {
        tickers: one.tickers,
        names: one.tickers.flatMap((ticker) => {
          const name = names.get(comparable(ticker));
          return name === undefined ? [] : [name, pressName(name)];
        }),
      };
      return { ...one, masked: masked(one.text, known) };
    });
    const questions = pairs.flatMap(({ text, masked: hidden }) => [text, hidden]);
    const scored = await scoreAll(
      questions,
      {
        ledger: new ScoreLedger(objects, runId, now),
        model,
        budget: new Budget(args.budgetUsd, model),
        concurrency: args.concurrency,
        requestOf: (text) => sentimentRequest(text, prompt),
        progress: progress.start("score raw and masked", questions.length),
      },
      signal,
    );
    signal.throwIfAborted();
    const valueOf = (at: number): number => sentimentIn(scored.items[at]!.record);
    const both = pairs
      .map((pair, at) => ({ ...pair, raw: valueOf(2 * at), hidden: valueOf(2 * at + 1) }))
      .filter(({ raw, hidden }) => Number.isFinite(raw) && Number.isFinite(hidden));
    const differences = both.map(({ raw, hidden }) => raw - hidden);
    const traded = both.filter(({ next }) => next !== null);
    const ic = (pick: (one: (typeof traded)[number]) => number): number | null =>
      traded.length < fewestForIc
        ? null
        : spearman(
            Float64Array.from(traded, pick),
            Float64Array.from(traded, ({ next }) => next!),
          );
    const trainedUntil = knownModel(model.model)?.trainedUntil ?? null;
    return {
      provider: model.provider,
      model: model.model,
      compared: both.length,
      states: scored.states,
      masked: pairs.filter(({ text, masked: hidden }) => text !== hidden).length,
      difference: {
        mean: meanOf(differences),
        mean_absolute: meanOf(differences.map(Math.abs)),
        changed: meanOf(differences.map((difference) => (difference === 0 ? 0 : 1))),
      },
      ic: {
        raw: ic(({ raw }) => raw),
        masked: ic(({ hidden }) => hidden),
        texts: traded.length,
      },
      trained_until: trainedUntil,
      before_training_end:
        trainedUntil === null
          ? null
          : meanOf(pairs.map(({ published }) => (published <= trainedUntil ? 1 : 0))),
      spent_usd: model.price === undefined ? null : scored.spentUsd,
    };
  } finally {
    await close();
  }
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Stories evenly over time, with the return from the close at which they were known to the next; none over a split. */
async function sampled(warehouse: Warehouse, most: number): Promise<Sampled[]> {
  return warehouse.rows<Sampled>(
    `SELECT id, text, published, tickers, next FROM (
       SELECT a.article_id AS id, any(concat(a.title, '\\n\\n', a.text)) AS text, toString(any(toDate(a.known_at))) AS published,
         arraySort(groupUniqArray(t.ticker)) AS tickers, any(l.security_id) AS security, any(a.known_at) AS known,
         row_number() OVER (ORDER BY known, id) AS place, count() OVER () AS total
       FROM articles AS a INNER JOIN article_links AS l ON a.article_id = l.article_id
       INNER JOIN (SELECT DISTINCT security_id, ticker FROM tickers) AS t ON l.security_id = t.security_id
       WHERE a.story = a.article_id GROUP BY a.article_id) AS s
     LEFT JOIN (
       SELECT security_id, close_at, leadInFrame(close) OVER w / close - 1 AS move,
         leadInFrame(day) OVER w AS after,
         if(leadInFrame(close) OVER w > 0 AND (security_id, after) NOT IN (SELECT security_id, ex_date FROM corporate_actions WHERE kind = 'split'), move, NULL) AS next,
         lagInFrame(close_at) OVER w AS before
       FROM (SELECT b.security_id AS security_id, b.day AS day, any(c.close_at) AS close_at, argMin(b.close, b.revision) AS close
         FROM bars AS b INNER JOIN (SELECT day, max(close_at) AS close_at FROM sessions GROUP BY day) AS c ON b.day = c.day
         GROUP BY b.security_id, b.day)
       WINDOW w AS (PARTITION BY security_id ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)) AS p
     ON s.security = p.security_id
     WHERE (p.security_id = '' OR (s.known > p.before AND s.known <= p.close_at))
       AND (place - 1) % greatest(1, intDiv(total, {most:UInt32})) = 0
     ORDER BY known, id LIMIT {most:UInt32}`,
    { most },
  );
}
