import { dataRule, type DataBlock, type Prompt } from "./prompt.ts";

/** What a model may be asked to do; `local` knows these by name. */
export type TextTask = "sentiment" | "report-notes" | "report" | "proxy";

/** One question to a model. */
export interface ModelRequest {
  readonly task: TextTask;
  readonly prompt: Prompt;
  readonly block: DataBlock;
  /** JSON schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
  /** What was wrong with the answer before, and that answer: for a second try. */
  readonly again?: { readonly answer: string; readonly problem: string } | undefined;
  /** Pages that are no text, as a PDF of their own. */
  readonly pdf?: Uint8Array | undefined;
}

/** What came back. */
export interface ModelReply {
  /** `answered`: there is a text, which may be wrong. `refused`: the model, or a filter, would not. `cut`: no room for the whole answer. */
  readonly end: "answered" | "refused" | "cut";
  readonly text: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Tokens that were read from, and written to, the model's cache. */
  readonly tokensCached: number;
  /** As the vendor sent it. */
  readonly raw: unknown;
  /** Share of the price that it costs, where it is less than all of it. */
  readonly share?: number;
}

/** A language model, wherever it runs. One a file; a third one needs nothing else. */
export interface LanguageModel {
  readonly provider: string;
  /** Id, as the vendor has it. */
  readonly model: string;
  /** What else makes an answer another one: temperature. */
  readonly parameters: Readonly<Record<string, number | string>>;
  /** Dollars for a million tokens; undefined where nobody knows. */
  readonly price: { readonly input: number; readonly output: number } | undefined;
  /** True when it takes pages as PDF. */
  readonly takesPdf: boolean;
  /** Characters of a text that it takes at once. */
  readonly mostCharacters: number;
  /**
   * Asks it.
   *
   * @throws SourceUnavailable when it can't answer now: throttled, down
   * @throws SourceRejected when it will not as we are configured: key, region, model
   */
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

/** Tokens that a text will take, before a model counts them: four characters each, as English has on the mean. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** The most tokens that one question and its answer may take. */
export function mostTokens(question: {
  readonly prompt: Pick<Prompt, "before" | "after">;
  readonly text: string;
  readonly pdf?: Uint8Array | undefined;
  readonly maxTokens: number;
}): { readonly in: number; readonly out: number } {
  const { prompt, text, pdf, maxTokens } = question;
  const words = [dataRule, prompt.before, text, prompt.after].join("\n");
  // A page of PDF takes up to three thousand tokens; 100 kB a page.
  const pages = pdf === undefined ? 0 : Math.ceil(pdf.length / 100_000);
  return { in: estimateTokens(words) + pages * 3000, out: maxTokens };
}

/** Dollars of some tokens; null where nobody knows the price. */
export function costOf(
  price: LanguageModel["price"],
  tokensIn: number,
  tokensOut: number,
): number | null {
  return price === undefined
    ? null
    : (tokensIn * price.input + tokensOut * price.output) / 1_000_000;
}
