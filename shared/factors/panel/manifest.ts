import { z } from "zod";
import { InvalidInput, MalformedRecord } from "../../errors.ts";
import { contentHash } from "../../objects/file-store.ts";
import type { ObjectStore } from "../../objects/object-store.ts";

/** 2: with what companies reported; 3: with what texts say. */
const version = 3;

const manifestSchema = z.object({
  version: z.number(),
  /** Last day. */
  to: z.string(),
  /** In the order in which they are read; each security stands in one of them. */
  sources: z.array(
    z.object({
      source: z.string(),
      /** Column files of bars, of some securities each, by content hash. */
      bars: z.array(z.string()),
      /** Column files of what their companies reported, one beside each of `bars`; none where no factor asks. */
      companies: z.array(z.string()).default([]),
      /** Column files of what texts say, one beside each of `bars`; none where no factor asks. */
      signals: z.array(z.string()).default([]),
      /** Column file of the days of companies' other securities; empty where no factor asks. */
      others: z.string().default(""),
      actions: z.string(),
      revisions: z.string(),
    }),
  ),
  /** Column file of the mean return of all securities by session since the calendar's first; null where nobody asked. */
  market: z.string().nullable(),
});

/** A panel of prices in the object store: what factors are computed from where there is no database. */
export type PanelManifest = z.infer<typeof manifestSchema>;

/** The dataset under which a panel's column files lie. */
export const panelDataset = "panels";

/** The key of the panel that was made of something, see `exportPanel`. */
export function panelKey(madeOf: readonly unknown[]): string {
  return `panels/prices/${contentHash(JSON.stringify(madeOf))}.json`;
}

export async function putManifest(
  objects: ObjectStore,
  key: string,
  manifest: Omit<PanelManifest, "version">,
): Promise<void> {
  await objects.putIfAbsent(key, Buffer.from(`${JSON.stringify({ version, ...manifest })}\n`));
}

/**
 * Reads a panel's manifest; undefined when there is none.
 *
 * @throws InvalidInput for one of a newer version
 * @throws MalformedRecord for what is no manifest
 */
export async function readManifest(
  objects: ObjectStore,
  key: string,
): Promise<PanelManifest | undefined> {
  const bytes = await objects.get(key);
  if (bytes === undefined) return undefined;
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (!parsed.success) {
    throw new MalformedRecord(`${key}: it is no panel: ${parsed.error.issues[0]?.message ?? ""}.`);
  }
  if (parsed.data.version > version) {
    throw new InvalidInput(
      `${key} was written by a newer version of Quarry (format ${parsed.data.version}, this one reads ${version}): update this one.`,
    );
  }
  return parsed.data;
}
