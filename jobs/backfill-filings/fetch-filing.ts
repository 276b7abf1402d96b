import { putColumnFile, type ColumnFile } from "../../shared/backfill/column-files.ts";
import type { EdgarDeps } from "../../shared/backfill/edgar-lane.ts";
import { LaneClosed } from "../../shared/backfill/lane.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { messageOf, SourceUnavailable } from "../../shared/errors.ts";
import { captureReply } from "../../shared/objects/capture.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { documentText } from "../../shared/sources/edgar/document-text.ts";
import { filingItems, type FilingItem } from "../../shared/sources/edgar/filing-items.ts";
import type { FilingUnit } from "./units.ts";

interface Document {
  readonly name: string;
  readonly kind: "main" | "exhibit";
  readonly mediaType: string;
  readonly bytes: number;
  readonly text: number;
  readonly capture: string;
}

/**
 * Buys a filing: its main document, the text of its items where it is a report, and with `exhibits` those that are PDF.
 *
 * @returns what its receipt tells; of a failure too
 * @throws LaneClosed when EDGAR is not asked any more: the unit stays missing
 * @throws SourceRejected when EDGAR refuses us
 */
export async function fetchFiling(
  unit: FilingUnit,
  deps: EdgarDeps,
  signal: AbortSignal,
): Promise<Brought> {
  const { issuerId, accession, form, document, from, to } = unit;
  const receipt = { from, to, basis: "" };
  const failed = (reason: string, message: string): Brought => ({
    ...receipt,
    state: "failed",
    reason,
    message,
    capture: null,
    files: [],
    about: {},
  });
  const folder = `/Archives/edgar/data/${Number(issuerId)}`;
  const files = `${folder}/${accession.replaceAll("-", "")}`;
  try {
    const path = document === "" ? `${folder}/${accession}.txt` : `${files}/${document}`;
    const reply = await deps.edgar.get(path, signal);
    if (!reply.found) return failed("no_document", `EDGAR has no ${path}.`);
    const capture = await captureReply(deps.objects, deps.source, reply);
    const isPdf = reply.bytes.subarray(0, 5).toString("latin1") === "%PDF-";
    const text = isPdf ? "" : documentText(reply.bytes);
    const items = filingItems(text, form);
    const documents: Document[] = [
      {
        name: document === "" ? `${accession}.txt` : document,
        kind: "main",
        mediaType: mediaTypeOf(path, isPdf),
        bytes: reply.bytes.length,
        text: text.length,
        capture: capture.hash,
      },
      ...(unit.exhibits ? await exhibits(files, deps, signal) : []),
    ];
    const isReport = /^10-[KQ]/.test(form);
    return {
      ...receipt,
      state: "done",
      reason: "",
      message: "",
      capture,
      files: await leave(deps.objects, unit, documents, items),
      about: {
        form,
        items: items.length,
        no_items: isReport && items.length === 0 ? "no heading of an item was found" : null,
      },
    };
  } catch (thrown) {
    if (thrown instanceof LaneClosed || !(thrown instanceof SourceUnavailable)) throw thrown;
    return failed("unavailable", messageOf(thrown));
  }
}

function mediaTypeOf(path: string, isPdf: boolean): string {
  if (isPdf) return "application/pdf";
  return /\.html?$/i.test(path) ? "text/html" : "text/plain";
}

/** Exhibits that are PDF, by the list of the filing's folder. */
async function exhibits(folder: string, deps: EdgarDeps, signal: AbortSignal): Promise<Document[]> {
  const index = await deps.edgar.get(`${folder}/index.json`, signal);
  if (!index.found) return [];
  const names = [...index.bytes.toString("utf8").matchAll(/"name"\s*:\s*"([^"/\\]+\.pdf)"/gi)];
  const found: Document[] = [];
  for (const [, name] of names) {
    const reply = await deps.edgar.get(`${folder}/${encodeURIComponent(name!)}`, signal);
    if (!reply.found) continue;
    const { hash, byteLength } = await captureReply(deps.objects, deps.source, reply);
    const type = "application/pdf";
    found.push({
      name: name!,
      kind: "exhibit",
      mediaType: type,
      bytes: byteLength,
      text: 0,
      capture: hash,
    });
  }
  return found;
}

async function leave(
  objects: ObjectStore,
  { issuerId, accession }: FilingUnit,
  documents: readonly Document[],
  items: readonly FilingItem[],
): Promise<ColumnFile[]> {
  const text = (name: string, values: readonly string[]) =>
    ({ name, type: "String", text: values }) as const;
  const files = [
    await putColumnFile(objects, "filings", "filing_documents", [
      text(
        "issuer_id",
        documents.map(() => issuerId),
      ),
      text(
        "accession",
        documents.map(() => accession),
      ),
      text(
        "document",
        documents.map(({ name }) => name),
      ),
      text(
        "kind",
        documents.map(({ kind }) => kind),
      ),
      text(
        "media_type",
        documents.map(({ mediaType }) => mediaType),
      ),
      { name: "byte_length", type: "UInt32", values: Uint32Array.from(documents, (d) => d.bytes) },
      { name: "text_length", type: "UInt32", values: Uint32Array.from(documents, (d) => d.text) },
      text(
        "capture",
        documents.map(({ capture }) => capture),
      ),
    ]),
    await putColumnFile(objects, "filings", "filing_items", [
      text(
        "issuer_id",
        items.map(() => issuerId),
      ),
      text(
        "accession",
        items.map(() => accession),
      ),
      text(
        "item",
        items.map(({ item }) => item),
      ),
      text(
        "title",
        items.map(({ title }) => title),
      ),
      text(
        "text",
        items.map((item) => item.text),
      ),
      text(
        "capture",
        items.map(() => documents[0]!.capture),
      ),
    ]),
  ];
  return files.filter(({ rows }) => rows > 0);
}
