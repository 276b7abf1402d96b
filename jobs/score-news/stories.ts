import { comparable } from "../../shared/market/universe.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** Which news are meant. */
export interface StoryFilter {
  /** First and last day on which they became known, New York. */
  readonly from: TradingDay | undefined;
  readonly to: TradingDay | undefined;
  /** Only news of these. */
  readonly tickers: readonly string[] | undefined;
}

/** The first of the articles that tell nearly the same. */
export interface Story {
  readonly id: string;
  readonly text: string;
  readonly knownMs: number;
}

/** The stories that became known on a day. */
export interface StoryDay {
  readonly day: TradingDay;
  readonly stories: number;
  readonly characters: number;
  /** Hash of the stories as they are now. */
  readonly texts: string;
}

const fromStories = `FROM articles FINAL
 WHERE article_id IN (
     SELECT story FROM articles WHERE article_id IN (
       SELECT article_id FROM article_links
       WHERE {all:UInt8} = 1 OR security_id IN (
         SELECT security_id FROM tickers WHERE replaceAll(upper(ticker), '-', '.') IN {tickers:Array(String)})))
   AND known_at >= toDateTime({from:String}, 'America/New_York') AND known_at < toDateTime({to:String}, 'America/New_York') + INTERVAL 1 DAY`;

const body = "concat(title, '\\n\\n', text)";

const parametersOf = ({ from, to, tickers }: StoryFilter) => ({
  all: tickers === undefined ? 1 : 0,
  tickers: (tickers ?? []).map(comparable),
  from: `${from ?? "1970-01-02"} 00:00:00`,
  to: `${to ?? "2100-01-01"} 00:00:00`,
});

/** The first article of each story that is about a security, oldest first. */
export async function storiesOf(warehouse: Warehouse, filter: StoryFilter): Promise<Story[]> {
  const rows = await warehouse.rows<{ id: string; text: string; at: number }>(
    `SELECT article_id AS id, ${body} AS text, toUnixTimestamp(known_at) AS at ${fromStories} ORDER BY known_at, article_id`,
    parametersOf(filter),
  );
  return rows.map(({ id, text, at }) => ({ id, text, knownMs: at * 1000 }));
}

/** The days on which there are stories, oldest first, and what is on them; no text is read out. */
export async function storyDays(warehouse: Warehouse, filter: StoryFilter): Promise<StoryDay[]> {
  const rows = await warehouse.rows<StoryDay>(
    `SELECT toString(toDate(known_at, 'America/New_York')) AS day, toUInt32(count()) AS stories,
       toFloat64(sum(lengthUTF8(${body}))) AS characters,
       lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(concat(article_id, ' ', toString(known_at, 'UTC'), ' ', hex(sipHash128(${body}))))), '\\n')))) AS texts
     ${fromStories} GROUP BY day ORDER BY day`,
    parametersOf(filter),
  );
  return rows;
}
