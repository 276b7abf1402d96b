/** What is known of a model. Prices on demand, us-east-1, from memory: check them (2025-10). */
export interface KnownModel {
  /** Beginning of its id, without a region's prefix. */
  readonly id: string;
  /** Dollars for a million tokens. */
  readonly price: { readonly input: number; readonly output: number };
  /** Tokens that it reads at once. */
  readonly contextTokens: number;
  readonly takesPdf: boolean;
  /** Last day of what it was trained on, as its maker says; null where nobody says. */
  readonly trainedUntil: string | null;
}

/** What a batch costs of the price of single questions. */
export const batchShare = 0.5;

export const knownModels: readonly KnownModel[] = [
  model("anthropic.claude-3-haiku", 0.25, 1.25, 200_000, false, "2023-08-31"),
  model("anthropic.claude-3-5-haiku", 0.8, 4, 200_000, true, "2024-07-31"),
  model("anthropic.claude-3-5-sonnet", 3, 15, 200_000, true, "2024-04-30"),
  model("anthropic.claude-3-7-sonnet", 3, 15, 200_000, true, "2024-11-30"),
  model("anthropic.claude-sonnet-4-5", 3, 15, 200_000, true, "2025-07-31"),
  model("anthropic.claude-sonnet-4-2", 3, 15, 200_000, true, "2025-03-31"),
  model("anthropic.claude-haiku-4-5", 1, 5, 200_000, true, "2025-07-31"),
  model("amazon.nova-micro", 0.035, 0.14, 128_000, false, null),
  model("amazon.nova-lite", 0.06, 0.24, 300_000, true, null),
  model("amazon.nova-pro", 0.8, 3.2, 300_000, true, null),
];

function model(
  id: string,
  input: number,
  output: number,
  contextTokens: number,
  takesPdf: boolean,
  trainedUntil: string | null,
): KnownModel {
  return { id, price: { input, output }, contextTokens, takesPdf, trainedUntil };
}

/** What is known of a model by its id, or the id of its inference profile (`us.`, `eu.`, `apac.`, `global.`). */
export function knownModel(id: string): KnownModel | undefined {
  const bare = id.replace(/^.*\//, "").replace(/^(us|eu|apac|global|us-gov)\./, "");
  return knownModels.find((known) => bare.startsWith(known.id));
}
