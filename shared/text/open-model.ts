import { takeSlots } from "../backfill/lane-slots.ts";
import { systemClock } from "../clock.ts";
import type { Settings } from "../env.ts";
import { SourceUnavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { bedrockLaneOf, chosenModel, type ModelChoice } from "./chosen-model.ts";
import { localModel } from "./local/local-model.ts";
import type { LanguageModel } from "./model.ts";
import type { Prompt } from "./prompt.ts";

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
  /** Questions so far, and how many a second there would be now; 0 without a lane. */
  readonly requests: () => number;
  readonly ratePerSecond: () => number;
}

/** Questions that may start in a second, whatever they take, and be under way at once. */
const startsPerSecond = 200;
const mostUnderWay = 600;

const noLane = {
  tokensPerMinute: undefined,
  requests: () => 0,
  ratePerSecond: () => 0,
  close: () => Promise.resolve(),
} as const;

/**
 * Opens a model.
 *
 * @param holder name in the lane's slots; none are taken when undefined, and then nothing may be asked
 * @param most slots that are wanted; all that are free by default
 * @throws InvalidInput for a provider without a model
 * @throws SourceUnavailable when others hold all slots
 */
export async function openModel(
  choice: ModelChoice,
  { settings, objects, log }: OpenModelDeps,
  holder: string | undefined,
  most = Infinity,
): Promise<OpenModel> {
  const { model: id } = chosenModel(choice, settings);
  if (id === undefined) return { model: localModel, ...noLane };
  const region = settings.get("awsRegion");
  const { name, ...spec } = bedrockLaneOf(settings, id);
  const tokensPerMinute = spec.ratePerSecond * 60;
  const [{ bedrockModel }, { TokenLane }] = await Promise.all([
    import("./bedrock.ts"),
    import("./token-lane.ts"),
  ]);
  if (holder === undefined) {
    return { model: bedrockModel({ modelId: id, region }), ...noLane, tokensPerMinute };
  }
  const budget = { lane: name, ...spec };
  const held = await takeSlots(objects, budget, holder, most, { clock: systemClock, log });
  if (held === undefined) {
    throw new SourceUnavailable(
      `All ${spec.slots} slots of the lane to ${id} are held by others; run the same command again later.`,
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
    requests: () => lane.requests,
    ratePerSecond: () => lane.ratePerSecond,
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
