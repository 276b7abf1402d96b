import type { LaneSpec } from "../catalogue.ts";
import type { Settings } from "../env.ts";
import { InvalidInput } from "../errors.ts";
import type { ProviderName } from "./providers.ts";

/** A provider, and its model where it has several. */
export interface ChosenModel {
  readonly provider: ProviderName;
  /** Undefined for `local`. */
  readonly model: string | undefined;
}

/** Which model is wanted: flags beat the configuration. */
export interface ModelChoice {
  /** `bedrock` where a model of it is configured, else `local`. */
  readonly provider: ProviderName | undefined;
  readonly model: string | undefined;
}

/**
 * The model that is meant.
 *
 * @throws InvalidInput for a provider without a model, or with one too many
 */
export function chosenModel(choice: ModelChoice, settings: Settings): ChosenModel {
  const id = choice.model ?? settings.get("bedrockModel");
  const provider = choice.provider ?? (id === undefined ? "local" : "bedrock");
  if (provider === "local") {
    if (choice.model !== undefined) {
      throw new InvalidInput(`--model: the provider local has one model, got "${choice.model}".`);
    }
    return { provider, model: undefined };
  }
  if (id === undefined) {
    throw new InvalidInput(
      "BEDROCK_MODEL_ID is not set: expected the id of a model of Bedrock, or of an inference profile (or --model).",
    );
  }
  return { provider, model: id };
}

/** The name of a model under which receipts stand. */
export const sourceOfModel = ({ provider, model }: ChosenModel): string =>
  model === undefined ? provider : `${provider}-${idAsName(model)}`;

/** The lane to the model under whose name receipts stand; undefined for one that runs here. */
export function laneOfSource(
  settings: Settings,
  source: string,
): ReturnType<typeof bedrockLaneOf> | undefined {
  const prefix = "bedrock-";
  return source.startsWith(prefix)
    ? bedrockLaneOf(settings, source.slice(prefix.length))
    : undefined;
}

/** A model's id as a part of names. */
export const idAsName = (id: string): string => id.replaceAll(/[^\w.-]/g, "-");

/**
 * The lane to a model of Bedrock: its budget is tokens.
 *
 * @param model its id, or that as a part of names
 */
export function bedrockLaneOf(
  settings: Settings,
  model: string,
): LaneSpec & { readonly name: string } {
  return {
    name: `bedrock-${settings.get("awsRegion") ?? "default"}-${idAsName(model)}`,
    ratePerSecond: settings.number("bedrockTokensPerMinute", 1, 1e12) / 60,
    slots: settings.number("bedrockSlots", 1, 1000),
    unit: "tokens",
  };
}
