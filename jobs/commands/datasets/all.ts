import type { AnyDatasetCommand } from "./dataset-command.ts";
import { evaluations } from "./evaluations.ts";
import { factorValues } from "./factor-values.ts";
import { prices } from "./prices.ts";

/** All datasets that can be asked for. */
export const datasetCommands: readonly AnyDatasetCommand[] = [prices, factorValues, evaluations];
