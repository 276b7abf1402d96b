import { z } from "zod";
import { MalformedRecord } from "../errors.ts";
import type { ObjectStore } from "../objects/object-store.ts";

/** The schema of receipts that this code writes. */
const version = 1;

const receiptSchema = z.object({
  version: z.literal(version),
  dataset: z.string(),
  source: z.string(),
  /** What was bought: a symbol, a company, a zip. */
  key: z.string(),
  /** First day that the reply was asked for, and the last one that it had to reach; when done, that it reaches. */
  from: z.string(),
  to: z.string(),
  state: z.enum(["done", "failed"]),
  /** Why it failed; empty when done. */
  reason: z.string(),
  message: z.string(),
  capture: z
    .object({
      hash: z.string(),
      url: z.string(),
      fetchedAt: z.string(),
      status: z.number(),
      byteLength: z.number(),
    })
    .nullable(),
  /** Column files by content hash, and the rows in each. */
  files: z.array(z.object({ table: z.string(), hash: z.string(), rows: z.number() })),
  /** What a value that was made of other data was made from, as a hash; empty for what a vendor sent. */
  basis: z.string().default(""),
  /** What the reply says about its key. */
  about: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  runId: z.string(),
});

/** What became of one fetch unit: the truth about it, kept in the object store. */
export type Receipt = z.infer<typeof receiptSchema>;

/** A text as a part of an object key: what is no letter, digit, `.`, `-` or `_` becomes `=XX`. */
function keyPart(text: string): string {
  return text.replaceAll(/[^\w.-]/g, (character) =>
    Array.from(
      Buffer.from(character),
      (byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
}

function folderOf(dataset: string, source: string, key: string): string {
  return `ledger/${dataset}/${source}/${keyPart(key)}/`;
}

/** The key of a unit's nth receipt, the first being 1. */
function receiptKey({ dataset, source, key }: ReceiptOf, number: number): string {
  return `${folderOf(dataset, source, key)}${String(number).padStart(6, "0")}.json`;
}

/** What a receipt is about. */
export type ReceiptOf = Pick<Receipt, "dataset" | "source" | "key">;

/** The key of the claim of whoever buys what the nth receipt will tell of. */
export function claimKey({ dataset, source, key }: ReceiptOf, number: number): string {
  return `claims/${dataset}/${source}/${keyPart(key)}/${String(number).padStart(6, "0")}.json`;
}

/**
 * Writes the nth receipt of its key; the first one wins.
 *
 * @returns false when another stands there already
 */
export function putReceiptAt(
  objects: ObjectStore,
  receipt: Omit<Receipt, "version">,
  number: number,
): Promise<boolean> {
  const bytes = Buffer.from(`${JSON.stringify({ version, ...receipt })}\n`);
  return objects.putIfAbsent(receiptKey(receipt, number), bytes);
}

/** Writes a receipt as the next one of its key. */
export async function putReceipt(
  objects: ObjectStore,
  receipt: Omit<Receipt, "version">,
): Promise<void> {
  const folder = folderOf(receipt.dataset, receipt.source, receipt.key);
  let next = 1;
  for await (const key of objects.list(folder)) next = Number(/(\d+)\.json$/.exec(key)?.[1]) + 1;
  while (!(await putReceiptAt(objects, receipt, next))) next++;
}

/**
 * All receipts of a key, oldest first.
 *
 * @throws MalformedRecord for one that this code can't read
 */
export async function receiptsOf(
  objects: ObjectStore,
  dataset: string,
  source: string,
  key: string,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for await (const name of objects.list(folderOf(dataset, source, key))) {
    const bytes = await objects.get(name);
    if (bytes === undefined) continue;
    const parsed = receiptSchema.safeParse(JSON.parse(bytes.toString("utf8")));
    if (!parsed.success) {
      throw new MalformedRecord(
        `${name}: expected a receipt of version ${version}: ${parsed.error.message}`,
      );
    }
    receipts.push(parsed.data);
  }
  return receipts;
}

/** Keys whose receipts are read at once. */
const atOnce = 64;

/** The receipts of many keys, in their order. */
export async function receiptsOfUnits(
  objects: ObjectStore,
  dataset: string,
  source: string,
  keys: readonly string[],
): Promise<Receipt[][]> {
  const found: Receipt[][] = [];
  for (let at = 0; at < keys.length; at += atOnce) {
    const some = keys.slice(at, at + atOnce);
    found.push(
      ...(await Promise.all(some.map((key) => receiptsOf(objects, dataset, source, key)))),
    );
  }
  return found;
}
