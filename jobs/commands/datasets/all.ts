import type { AnyDatasetCommand } from "./dataset-command.ts";
import { evaluations } from "./evaluations.ts";
import { facts } from "./facts.ts";
import { factorValues } from "./factor-values.ts";
import { filings } from "./filings.ts";
import { news } from "./news.ts";
import { prices } from "./prices.ts";
import { reports } from "./reports.ts";
import { scores } from "./scores.ts";

/** All datasets that can be asked for. */
export const datasetCommands: readonly AnyDatasetCommand[] = [
  prices,
  facts,
  filings,
  news,
  scores,
  reports,
  factorValues,
  evaluations,
];
