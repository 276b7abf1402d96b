import { takeSlots } from "../backfill/lane-slots.ts";
import { systemClock } from "../clock.ts";
import type { Settings } from "../env.ts";
import { InvalidInput, SourceUnavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { localModel } from "./local/local-model.ts";
import type { LanguageModel } from "./model.ts";
import type { Prompt } from "./prompt.ts";
import type { ProviderName } from "./providers.ts";

/** Which model is wanted: flags beat the configuration. */
export interface ModelChoice {
  /** `bedrock` where a model of it is configured, else `local`. */
  readonly provider: ProviderName | undefined;
  readonly model: string | undefined;
}

export interface OpenModelDeps {
  readonly settings: Settings;
  readonly objects: ObjectStore;
  readonly log: Log;
}

/** A model, and what it may be asked. */
export interface OpenModel {
  readonly model: LanguageModel;
  /** Tokens a minute of the whole budget; undefined without a lane. */
  readonly tokensPerMinute: number | undefined;
  /** Gives the part of the budget back. */
  readonly close: () => Promise<void>;
}

/** Questions that may start in a second, whatever they take, and be under way at once. */
const startsPerSecond = 200;
const mostUnderWay = 600;

/**
 * Opens a model.
 *
 * @param holder name in the lane's slots; none are taken when undefined, and then nothing may be asked
 * @throws InvalidInput for a provider without a model
 * @throws SourceUnavailable when others hold all slots
 */
export async function openModel(
  choice: ModelChoice,
  { settings, objects, log }: OpenModelDeps,
  holder: string | undefined,
): Promise<OpenModel> {
  const id = choice.model ?? settings.get("bedrockModel");
  const provider = choice.provider ?? (id === undefined ? "local" : "bedrock");
  if (provider === "local") {
    if (choice.model !== undefined) {
      throw new InvalidInput(`--model: the provider local has one model, got "${choice.model}".`);
    }
    return { model: localModel, tokensPerMinute: undefined, close: () => Promise.resolve() };
  }
  if (id === undefined) {
    throw new InvalidInput(
      "BEDROCK_MODEL_ID is not set: expected the id of a model of Bedrock, or of an inference profile (or --model).",
    );
  }
  const region = settings.get("awsRegion");
  const tokensPerMinute = settings.number("bedrockTokensPerMinute", 1, 1e12);
  const [{ bedrockModel }, { TokenLane }] = await Promise.all([
    import("./bedrock.ts"),
    import("./token-lane.ts"),
  ]);
  if (holder === undefined) {
    return {
      model: bedrockModel({ modelId: id, region }),
      tokensPerMinute,
      close: () => Promise.resolve(),
    };
  }
  const slots = settings.number("bedrockSlots", 1, 1000);
  const name = `bedrock-${region ?? "default"}-${id.replaceAll(/[^\w.-]/g, "-")}`;
  const budget = { lane: name, ratePerSecond: tokensPerMinute / 60, slots };
  const held = await takeSlots(objects, budget, holder, Infinity, { clock: systemClock, log });
  if (held === undefined) {
    throw new SourceUnavailable(
      `All ${slots} slots of the lane to ${id} are held by others; run the same command again later.`,
    );
  }
  const lane = new TokenLane(held.ratePerSecond * 60, {
    name: `Bedrock's ${id}`,
    ratePerSecond: startsPerSecond,
    concurrency: mostUnderWay,
    attempts: 6,
    breakAfter: 5,
    log,
    lost: held.lost,
  });
  return {
    model: bedrockModel({
      modelId: id,
      region,
      lane: (tokens, ask, taken, signal) => lane.run(tokens, ask, taken, signal),
    }),
    tokensPerMinute,
    close: () => held.release(),
  };
}

/** The name of scores that can be compared: by one prompt and one model. */
export function scoreSetOf(
  { name, hash }: Pick<Prompt, "name" | "hash">,
  { model }: Pick<LanguageModel, "model">,
): string {
  return `${name}-${hash.slice(0, 8)}@${model}`;
}
