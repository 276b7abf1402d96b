import { getColumnFile } from "../../backfill/column-files.ts";
import type { Receipt } from "../../backfill/receipt.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import { numbers, texts } from "../../warehouse/native/column.ts";
import { readNative } from "../../warehouse/native/reader.ts";
import { addLoads, loadedCaptures } from "../../warehouse/tables/loads.ts";
import type { Warehouse } from "../../warehouse/warehouse.ts";
import { admitArticles, type AdmittedArticles, type IncomingArticle } from "./admit-articles.ts";
import type { LinkReason } from "./mentions.ts";

/** Receipts whose articles are compared and brought in at once: some twenty articles each. */
const receiptsAtOnce = 200;

/** Brings the column files of receipts into the tables of articles and links; what is loaded is left out. */
export async function loadNews(
  warehouse: Warehouse,
  objects: ObjectStore,
  receipts: readonly Receipt[],
  options: { source: string; runId: string; nowMs: number },
): Promise<AdmittedArticles> {
  const loaded = await loadedCaptures(warehouse, "news", options.source);
  const pending = receipts.filter(({ files }) => files.some(({ hash }) => !loaded.has(hash)));
  const sum = { articles: 0, repeats: 0, undated: 0, links: 0, unlinked: 0 };
  for (let at = 0; at < pending.length; at += receiptsAtOnce) {
    const some = pending.slice(at, at + receiptsAtOnce);
    const articles: IncomingArticle[] = [];
    for (const { files } of some) {
      for (const { hash } of files) {
        articles.push(...(await readArticles(await getColumnFile(objects, "news", hash))));
      }
    }
    const admitted = await admitArticles(warehouse, articles, options);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += admitted[name];
    await addLoads(
      warehouse,
      some.flatMap(({ key, files }) =>
        files.map(({ hash, rows }) => ({
          dataset: "news",
          source: options.source,
          capture: hash,
          origin: key,
          rows,
        })),
      ),
      options,
    );
  }
  return sum;
}

async function readArticles(bytes: Buffer): Promise<IncomingArticle[]> {
  const articles: IncomingArticle[] = [];
  for await (const block of readNative([bytes])) {
    const names = [
      "url",
      "title",
      "text",
      "publisher",
      "topic",
      "capture",
      "ticker",
      "reason",
    ] as const;
    const [url, title, text, publisher, topic, capture, ticker, reason] = names.map((name) =>
      texts(block, name),
    );
    const published = numbers(block, "published");
    const seen = numbers(block, "first_seen");
    for (let row = 0; row < block.rows; row++) {
      articles.push({
        url: url![row]!,
        title: title![row]!,
        text: text![row]!,
        publisher: publisher![row]!,
        topic: topic![row]!,
        publishedMs: published[row]! === 0 ? undefined : published[row]! * 1000,
        firstSeenMs: seen[row]! * 1000,
        capture: capture![row]!,
        tickers:
          reason![row] === ""
            ? []
            : [{ ticker: ticker![row]!, reason: reason![row]! as LinkReason }],
      });
    }
  }
  return articles;
}
