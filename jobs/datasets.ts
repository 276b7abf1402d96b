import type { Dataset, FetchUnit } from "../shared/backfill/dataset.ts";
import type { DatasetName } from "../shared/catalogue.ts";
import { InvalidInput } from "../shared/errors.ts";
import type { Backfill } from "./backfill.ts";

interface Entry {
  /** What children need: no database. */
  readonly dataset: () => Promise<Dataset<FetchUnit>>;
  readonly backfill: () => Promise<Backfill<unknown, FetchUnit, unknown>>;
}

/** Where each dataset of the catalogue is made. */
const entries: Readonly<Record<DatasetName, Entry>> = {
  prices: {
    dataset: async () => (await import("./backfill-prices/dataset.ts")).dataset,
    backfill: async () => (await import("./backfill-prices/backfill.ts")).backfill,
  },
  facts: {
    dataset: async () => (await import("./backfill-facts/dataset.ts")).dataset,
    backfill: async () => (await import("./backfill-facts/backfill.ts")).backfill,
  },
  filings: {
    dataset: async () => (await import("./backfill-filings/dataset.ts")).dataset,
    backfill: async () => (await import("./backfill-filings/backfill.ts")).backfill,
  },
  news: {
    dataset: async () => (await import("./backfill-news/dataset.ts")).dataset,
    backfill: async () => (await import("./backfill-news/backfill.ts")).backfill,
  },
  scores: {
    dataset: async () => (await import("./score-news/dataset.ts")).dataset,
    backfill: async () => (await import("./score-news/backfill.ts")).backfill,
  },
  reports: {
    dataset: async () => (await import("./read-report/dataset.ts")).dataset,
    backfill: async () => (await import("./read-report/backfill.ts")).backfill,
  },
  factor_values: {
    dataset: async () => (await import("./compute-factors/dataset.ts")).dataset,
    backfill: async () => (await import("./compute-factors/backfill.ts")).backfill,
  },
  evaluations: {
    dataset: async () => (await import("./evaluate-factors/dataset.ts")).dataset,
    backfill: async () => (await import("./evaluate-factors/backfill.ts")).backfill,
  },
};

function entryOf(name: string): Entry {
  if (Object.hasOwn(entries, name)) return entries[name as DatasetName];
  throw new InvalidInput(
    `Expected a dataset (${Object.keys(entries).join(", ")}), got "${name}": perhaps a newer version of Quarry wrote it.`,
  );
}

/** @throws InvalidInput for a name that no dataset has */
export function datasetNamed(name: string): Promise<Dataset<FetchUnit>> {
  return entryOf(name).dataset();
}

/** @throws InvalidInput for a name that no dataset has */
export function backfillNamed(name: string): Promise<Backfill<unknown, FetchUnit, unknown>> {
  return entryOf(name).backfill();
}
