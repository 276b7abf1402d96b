import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { Failed, InvalidInput, messageOf } from "../../shared/errors.ts";
import { newYorkInstant } from "../../shared/market/new-york.ts";
import { addDays, isTradingDay } from "../../shared/market/trading-day.ts";
import {
  admitArticles,
  hostOf,
  type AdmittedArticles,
  type IncomingArticle,
} from "../../shared/text/news/admit-articles.ts";
import { hourMs } from "../../shared/units.ts";
import { insertColumns } from "../../shared/warehouse/insert-columns.ts";
import type { Deps } from "../deps.ts";

export interface ImportNewsArgs {
  readonly file: string;
  readonly source: string;
  /** Share of lines that may be put aside, 0 to 1. */
  readonly lossBudget: number;
}

export interface ImportNewsReport extends AdmittedArticles {
  readonly source: string;
  readonly lines: number;
  readonly quarantined: number;
}

const lineSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  title: z.string().default(""),
  text: z.string().min(1),
  published_at: z.string().nullish(),
  publisher: z.string().nullish(),
  tickers: z.array(z.string()).default([]),
});

/** Articles that are compared and brought in at once. */
const articlesAtOnce = 5000;

interface Rejected {
  readonly line: number;
  readonly reason: string;
  readonly record: string;
}

/**
 * Brings an archive of articles into the warehouse, JSON by the line: `{url, title, text, published_at, publisher, tickers}`, with
 * the publication times of its own.
 *
 * @throws InvalidInput for a file that can't be read
 * @throws Failed over the loss budget: nothing is brought in
 */
export async function run(
  { file, source, lossBudget }: ImportNewsArgs,
  { warehouse, now, runId }: Deps,
  signal: AbortSignal,
): Promise<ImportNewsReport> {
  const nowMs = now();
  const digest = createHash("sha256");
  let lines = 0;
  const rejected: Rejected[] = [];
  // Once through to see whether it is what it says, before anything comes in.
  for await (const { line, text } of linesOf(file)) {
    lines++;
    digest.update(`${text}\n`);
    const read = articleOf(text, nowMs, "");
    if ("reason" in read) rejected.push({ line, reason: read.reason, record: text.slice(0, 2000) });
  }
  if (rejected.length > lossBudget * lines) {
    const [first] = rejected;
    throw new Failed(
      `${file}: ${rejected.length} of ${lines} lines are no articles, more than the loss budget of ${lossBudget}; line ${first!.line}: ${first!.reason}. Nothing was brought in.`,
    );
  }
  const capture = digest.digest("hex");
  const sum = { articles: 0, repeats: 0, undated: 0, links: 0, unlinked: 0 };
  let batch: IncomingArticle[] = [];
  const flush = async (): Promise<void> => {
    const admitted = await admitArticles(warehouse, batch, { source, runId, nowMs });
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += admitted[name];
    batch = [];
  };
  for await (const { text } of linesOf(file)) {
    signal.throwIfAborted();
    const read = articleOf(text, nowMs, capture);
    if (!("reason" in read)) batch.push(read);
    if (batch.length === articlesAtOnce) await flush();
  }
  await flush();
  await quarantine(warehouse, rejected, { source, file, capture, runId, nowMs });
  return { source, lines, quarantined: rejected.length, ...sum };
}

async function* linesOf(file: string): AsyncGenerator<{ line: number; text: string }> {
  const input = createReadStream(file, "utf8");
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line++;
      const bare = text.replace(/^\ufeff/, "");
      if (bare.trim() !== "") yield { line, text: bare };
    }
  } catch (thrown) {
    throw new InvalidInput(`${file}: no such file, or it can't be read (${messageOf(thrown)}).`);
  }
}

function articleOf(
  text: string,
  nowMs: number,
  capture: string,
): IncomingArticle | { readonly reason: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { reason: "no JSON" };
  }
  const read = lineSchema.safeParse(parsed);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}` };
  }
  const { url, title, text: body, published_at: published, publisher, tickers } = read.data;
  const publishedMs = published == null ? undefined : Date.parse(published);
  if (publishedMs !== undefined && Number.isNaN(publishedMs)) {
    return { reason: `published_at: expected a time, got "${published!}"` };
  }
  if (publishedMs !== undefined && publishedMs > nowMs + hourMs) {
    return { reason: "published in the future" };
  }
  // A day alone is known at its end, in New York.
  const knownMs =
    published != null && isTradingDay(published)
      ? newYorkInstant(addDays(published, 1), 0)
      : publishedMs;
  return {
    url,
    title,
    text: body,
    publisher: publisher ?? hostOf(url),
    topic: "archive",
    publishedMs: knownMs,
    firstSeenMs: nowMs,
    capture,
    tickers: tickers.map((ticker) => ({ ticker, reason: "as imported" as const })),
  };
}

async function quarantine(
  warehouse: Deps["warehouse"],
  rejected: readonly Rejected[],
  about: { source: string; file: string; capture: string; runId: string; nowMs: number },
): Promise<void> {
  const text = (name: string, pick: (row: Rejected) => string) =>
    ({ name, type: "String", text: rejected.map(pick) }) as const;
  await insertColumns(warehouse, "quarantine", [
    text("dataset", () => "news"),
    text("source", () => about.source),
    text("origin", () => about.file),
    {
      name: "line",
      type: "UInt32",
      values: Uint32Array.from(rejected, ({ line }) => line),
    },
    text("reason", ({ reason }) => reason),
    text("record", ({ record }) => record),
    text("capture", () => about.capture),
    text("run_id", () => about.runId),
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(rejected.length).fill(Math.floor(about.nowMs / 1000)),
    },
  ]);
}
