import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidInput } from "../../shared/errors.ts";
import type { S3File } from "../../shared/objects/s3.ts";
import { fileHere } from "../s3-files.ts";
import { s3Place } from "../../shared/objects/s3-place.ts";
import { identityOfKey, identityOfSidecar, type ReportIdentity } from "./identify.ts";

/** A PDF that is there to be read. */
export interface FoundReport {
  /** Absolute path, or s3://bucket/key. */
  readonly file: string;
  /** Changes when the file does. */
  readonly version: string;
  /** When it came, ms; undefined for a file of this machine, whose times say nothing. */
  readonly cameMs: number | undefined;
  /** Undefined where neither its key nor a file beside it says whose it is. */
  readonly identity: ReportIdentity | undefined;
}

/** PDFs beyond that are refused. */
const mostBytes = 300_000_000;

const isPdf = (name: string): boolean => /\.pdf$/i.test(name);
const sidecarOf = (name: string): string => name.replace(/\.pdf$/i, ".json");

/**
 * The bytes of a report, here or in S3.
 *
 * @param file what it is called, for people
 * @throws InvalidInput for one that is not there, can't be read, or is too big
 */
export async function bytesOf(path: string, file: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "quarry-report-"));
  try {
    const here = await fileHere(path, folder);
    if (here !== undefined) {
      const size = (await stat(here).catch(() => undefined))?.size ?? 0;
      if (size > mostBytes) {
        throw new InvalidInput(`${file}: expected at most ${mostBytes} bytes, it has ${size}.`);
      }
      const bytes = await readFile(here).catch(() => undefined);
      if (bytes !== undefined) return bytes;
    }
    throw new InvalidInput(`${file}: no such file, or it can't be read.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * All PDFs under a folder or a prefix in S3, in order, and whose they are.
 *
 * @throws InvalidInput where there is nothing
 */
export async function findReports(where: string): Promise<FoundReport[]> {
  const place = s3Place(where);
  const found = place ? await inS3(place.bucket, place.key) : await inFolder(where);
  if (found.length > 0) return found;
  throw new InvalidInput(
    `${where}: expected a folder, or s3://bucket/prefix, with PDFs: it has none.`,
  );
}

async function inFolder(where: string): Promise<FoundReport[]> {
  let names: string[];
  try {
    names = (await readdir(where, { recursive: true })).sort();
  } catch {
    throw new InvalidInput(`${where}: no such folder, or it can't be read.`);
  }
  const all = new Set(names);
  const found: FoundReport[] = [];
  for (const name of names.filter(isPdf)) {
    const file = resolve(where, name);
    const { size, mtimeMs } = await stat(file);
    const beside = sidecarOf(name);
    const identity =
      identityOfKey(file) ??
      (all.has(beside)
        ? identityOfSidecar(await readFile(join(where, beside), "utf8"))
        : undefined);
    found.push({ file, version: `${size} ${mtimeMs}`, cameMs: undefined, identity });
  }
  return found;
}

async function inS3(bucket: string, prefix: string): Promise<FoundReport[]> {
  const { s3Bytes, s3Files } = await import("../../shared/objects/s3.ts");
  const files: S3File[] = [];
  for await (const file of s3Files(bucket, prefix)) files.push(file);
  const all = new Set(files.map(({ key }) => key));
  const found: FoundReport[] = [];
  for (const { key, version, storedMs } of files.filter((file) => isPdf(file.key))) {
    const beside = sidecarOf(key);
    const identity =
      identityOfKey(key) ??
      (all.has(beside)
        ? identityOfSidecar((await s3Bytes(bucket, beside))?.toString("utf8") ?? "")
        : undefined);
    found.push({ file: `s3://${bucket}/${key}`, version, cameMs: storedMs, identity });
  }
  return found;
}
