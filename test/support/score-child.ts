import { fileStore } from "../../shared/objects/file-store.ts";
import { sentimentAnswer } from "../../shared/text/answers.ts";
import { bedrockModel } from "../../shared/text/bedrock.ts";
import { Budget } from "../../shared/text/budget.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { scoreAll } from "../../shared/text/score-all.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";

// A process that scores texts through the ledger until it is done, or killed: FOLDER RUN TEXTS CONCURRENCY.

const [folder = "", runId = "", count = "0", concurrency = "1"] = process.argv.slice(2);
const model = bedrockModel({
  modelId: "anthropic.claude-3-haiku-20240307-v1:0",
  region: "us-east-1",
});
const prompt = await readPrompt("news-sentiment");
const { items, bought } = await scoreAll(
  Array.from({ length: Number(count) }, (_, at) => `Text ${at}: sales rose.`),
  {
    ledger: new ScoreLedger(fileStore(folder), runId, Date.now),
    model,
    budget: new Budget(undefined, model),
    concurrency: Number(concurrency),
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
process.stdout.write(
  JSON.stringify({ bought, scored: items.filter(({ state }) => state === "scored").length }),
);
