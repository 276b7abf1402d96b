import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStore } from "../../shared/objects/file-store.ts";
import { sentimentAnswer } from "../../shared/text/answers.ts";
import { Budget } from "../../shared/text/budget.ts";
import { sentimentOf } from "../../shared/text/local/sentiment.ts";
import type { LanguageModel } from "../../shared/text/model.ts";
import { readPdf, type ReadPdfOptions } from "../../shared/text/pdf/read-pdf.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { scoreAll } from "../../shared/text/score-all.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { uniform } from "../factors/support/made-inputs.ts";
import { killWhileScoring } from "../support/score-kills.ts";

// What reading PDF, the score ledger and the local baseline take: `npm run bench:text`.

const small = process.argv.includes("--small");
const data = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const prompt = await readPrompt("news-sentiment");
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

interface Question {
  readonly doc_name: string;
  readonly evidence: readonly {
    readonly evidence_text: string;
    readonly evidence_page_num: number;
    readonly doc_name?: string;
  }[];
}

async function pdf(options: ReadPdfOptions): Promise<void> {
  const folder = join(data, "D_pdf/financebench/dev");
  if (!existsSync(folder)) {
    say("PDF: skipped, there are no recorded filings beside this clone.");
    return;
  }
  const questions = readFileSync(join(folder, "questions.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Question);
  const names = [...new Set(questions.map(({ doc_name }) => doc_name))];
  const texts = new Map<string, string[]>();
  let [pages, ms, accounted] = [0, 0, true];
  for (const name of names) {
    const bytes = await readFile(join(folder, `${name}.pdf`));
    const started = performance.now();
    const read = await readPdf(bytes, options);
    ms += performance.now() - started;
    pages += read.pages.length;
    accounted &&= read.state === "read" && read.pages.length === read.count;
    texts.set(
      name,
      read.pages.map(({ text }) => text),
    );
  }
  const words = (text: string): Set<string> =>
    new Set(text.toLowerCase().match(/[a-z0-9][a-z0-9.,]*[a-z0-9]|[a-z0-9]/g));
  let [found, all] = [0, 0];
  for (const { doc_name, evidence } of questions) {
    for (const { evidence_text, evidence_page_num, doc_name: own = doc_name } of evidence) {
      const wanted = [...words(evidence_text)];
      const shares = texts.get(own)!.map((text) => {
        const there = words(text);
        return wanted.filter((word) => there.has(word)).length / wanted.length;
      });
      const here = shares[evidence_page_num]!;
      all++;
      if (here >= 0.97 && here === Math.max(...shares)) found++;
    }
  }
  say(
    `PDF, ${options.engine ?? "default"}, ${options.threads ?? 2} threads: ${pages} pages, ${(pages / (ms / 1000)).toFixed(0)} pages/s; every page accounted for: ${accounted ? "yes" : "NO"}; evidence on its page: ${found} of ${all}; largest memory so far ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB.`,
  );
}

function timed(delayMs: number): LanguageModel & { most: number; asked: number } {
  let open = 0;
  const model = {
    provider: "bench",
    model: `answers after ${delayMs} ms`,
    parameters: {},
    price: { input: 0, output: 0 },
    takesPdf: false,
    mostCharacters: 1e6,
    most: 0,
    asked: 0,
    async ask() {
      model.asked++;
      model.most = Math.max(model.most, ++open);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      open--;
      const text = '{"sentiment": 0.5}';
      return {
        end: "answered" as const,
        text,
        tokensIn: 1,
        tokensOut: 1,
        tokensCached: 0,
        raw: { text },
      };
    },
  };
  return model;
}

async function ledger(texts: number, concurrency: number, delayMs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
  const model = timed(delayMs);
  const run = async (): Promise<number> => {
    const started = performance.now();
    await scoreAll(
      Array.from({ length: texts }, (_, at) => `Text ${at}`),
      {
        ledger: new ScoreLedger(fileStore(folder), "bench", Date.now),
        model,
        budget: new Budget(undefined, model),
        concurrency,
        requestOf: (text) => ({
          task: "sentiment",
          text,
          prompt,
          schema: sentimentAnswer,
          maxTokens: 50,
        }),
      },
      new AbortController().signal,
    );
    return (performance.now() - started) / 1000;
  };
  const first = await run();
  const again = await run();
  say(
    `Ledger, ${model.model}, ${concurrency} at once: ${texts} scores in ${first.toFixed(1)} s, ${Math.round((60 * texts) / first)} a minute, ${model.most} in flight; again in ${again.toFixed(1)} s, asked ${model.asked} in all.`,
  );
  await rm(folder, { recursive: true });
}

async function kills(texts: number, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
  const options = { texts, kills: count, concurrency: 16, delayMs: 20 };
  const { asked, underWay, last } = await killWhileScoring(folder, options, uniform(11));
  say(
    `Kills: ${count} by SIGKILL during ${texts} scores: ${last.scored} scored, asked ${asked} times, ${asked - texts} more than there are; ${underWay} were under way when their process died.`,
  );
  await rm(folder, { recursive: true });
}

function baseline(): void {
  const file = join(data, "E_news/phrasebank/dev_40pct.txt");
  if (!existsSync(file)) {
    say("Baseline: skipped, there are no labelled sentences beside this clone.");
    return;
  }
  const labels = ["negative", "neutral", "positive"];
  const lines = readFileSync(file, "utf8")
    .replace(/^\ufeff/, "")
    .trim()
    .split(/\r?\n/)
    .map((line) => [line.slice(0, line.lastIndexOf("@")), line.slice(line.lastIndexOf("@") + 1)]);
  const counts = new Map<string, number>();
  let right = 0;
  for (const [text, label] of lines) {
    const score = sentimentOf(text!);
    const said = score > 0.1 ? "positive" : score < -0.1 ? "negative" : "neutral";
    if (said === label) right++;
    counts.set(`${label!} ${said}`, (counts.get(`${label!} ${said}`) ?? 0) + 1);
  }
  const f1 = labels.map((label) => {
    const of = (pick: (other: string) => string): number =>
      labels.reduce((sum, other) => sum + (counts.get(pick(other)) ?? 0), 0);
    const hits = counts.get(`${label} ${label}`) ?? 0;
    return (2 * hits) / (of((other) => `${label} ${other}`) + of((other) => `${other} ${label}`));
  });
  const majority = Math.max(
    ...labels.map((label) => lines.filter(([, own]) => own === label).length),
  );
  say(
    `Baseline of word lists on ${lines.length} labelled sentences: accuracy ${((100 * right) / lines.length).toFixed(1)} %, macro-F1 ${(f1.reduce((sum, one) => sum + one) / 3).toFixed(3)}; the larger class alone ${((100 * majority) / lines.length).toFixed(1)} %, macro-F1 ${(2 / 3 / (1 + lines.length / majority)).toFixed(3)}.`,
  );
}

await pdf({ threads: 2 });
await pdf({ threads: 1 });
if (!small) await pdf({ threads: 2, engine: "pdf.js" });
await ledger(small ? 500 : 10_000, 64, 0);
await ledger(small ? 500 : 3000, 500, 3000);
await kills(small ? 200 : 2000, small ? 4 : 20);
baseline();
