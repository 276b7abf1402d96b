import { MalformedRecord } from "../../errors.ts";
import { notesAnswer, readAnswer } from "../answers.ts";
import { estimateTokens, type LanguageModel, type ModelRequest } from "../model.ts";
import { isEnglish } from "./language.ts";
import { proxyOf } from "./proxy.ts";
import { notesOf, reportOf } from "./report.ts";
import { sentimentOf } from "./sentiment.ts";

/** Raised whenever the word lists or the rules change: other scores. */
const version = "word-lists-1";

/**
 * A baseline without a model: word lists with negation and intensity, and rules. It understands nothing; it needs no account, costs
 * nothing, and gives the same answer everywhere. What it says of itself is `local`, `word-lists-1`.
 */
export const localModel: LanguageModel = {
  provider: "local",
  model: version,
  parameters: {},
  price: { input: 0, output: 0 },
  takesPdf: false,
  mostCharacters: 50_000_000,
  ask(request) {
    // Lists of English words find nothing in another language, which is no neutral mood.
    if (request.task === "sentiment" && !isEnglish(request.block.text)) {
      const raw = { refused: "Word lists read English alone." };
      return Promise.resolve({
        end: "refused",
        text: "",
        tokensIn: 0,
        tokensOut: 0,
        tokensCached: 0,
        raw,
      });
    }
    const text = JSON.stringify(answerOf(request));
    return Promise.resolve({
      end: "answered",
      text,
      tokensIn: estimateTokens(request.block.text),
      tokensOut: estimateTokens(text),
      tokensCached: 0,
      raw: { text },
    });
  },
};

function answerOf({ task, block: { text } }: ModelRequest): unknown {
  switch (task) {
    case "sentiment":
      return { sentiment: sentimentOf(text) };
    case "report-notes":
      return { notes: notesOf(text) };
    case "report": {
      const read = readAnswer(text, notesAnswer);
      if ("answer" in read) return reportOf(read.answer.notes);
      throw new MalformedRecord(`Notes of a report: ${read.problem}`);
    }
    case "proxy":
      return proxyOf(text);
  }
}
