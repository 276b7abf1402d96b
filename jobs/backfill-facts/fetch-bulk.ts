import type { ColumnFile } from "../../shared/backfill/column-files.ts";
import type { EdgarDeps } from "../../shared/backfill/edgar-lane.ts";
import { LaneClosed } from "../../shared/backfill/lane.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { MalformedRecord, messageOf, SourceUnavailable } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import { addDays, dayNumber, fromDayNumber } from "../../shared/market/trading-day.ts";
import { putCapture, putDeflatedCapture } from "../../shared/objects/capture.ts";
import { zipEntries, type ZipEntry } from "../../shared/sources/edgar/bulk-zip.ts";
import {
  fileSource,
  remoteSource,
  type ByteSource,
} from "../../shared/sources/edgar/byte-source.ts";
import { readCompanyFacts } from "../../shared/sources/edgar/company-facts.ts";
import { FactRows } from "../../shared/sources/edgar/fact-rows.ts";
import { readOverflowPage, readSubmissions } from "../../shared/sources/edgar/submissions.ts";
import {
  attributesOf,
  filingsOfFacts,
  leaveAttributes,
  leaveCompanies,
  leaveFacts,
  leaveFilings,
  leaveRejected,
  type IssuerAttribute,
  type IssuerFiling,
} from "./leave-files.ts";
import type { BulkUnit } from "./units.ts";

/** What reading the zips needs. */
export interface BulkDeps extends EdgarDeps {
  readonly now: () => number;
}

/** Facts, and filings, in one column file: what is held at once, whatever the number of companies. */
const rowsAtOnce = 500_000;

/** Captures that are written at once. */
const keptAtOnce = 8;

/** What was read so far. */
interface Tally {
  files: ColumnFile[];
  readonly issuers: Set<string>;
  facts: number;
  rejected: number;
  /** Entries that were left out, and why; the first few. */
  readonly damaged: string[];
  damagedCount: number;
  lastFiled: number;
}

/**
 * Reads the zips of all companies, entry after entry, and leaves column files of half a million rows. A damaged entry is left
 * out and told of; the others go on.
 *
 * @throws InvalidInput when there is no such file
 * @throws LaneClosed when EDGAR is not asked any more
 */
export async function fetchBulk(
  unit: BulkUnit,
  deps: BulkDeps,
  signal: AbortSignal,
): Promise<Brought> {
  const { from, to, basis } = unit;
  const tally: Tally = {
    files: [],
    issuers: new Set(),
    facts: 0,
    rejected: 0,
    damaged: [],
    damagedCount: 0,
    lastFiled: 0,
  };
  const fetchedMs = deps.now();
  const receipt = { from, to, basis, capture: null };
  try {
    await readFacts(unit.companyFacts, tally, fetchedMs, deps, signal);
    if (unit.submissions !== undefined) {
      await readTimes(unit.submissions, tally, fetchedMs, deps, signal);
    }
  } catch (thrown) {
    if (thrown instanceof LaneClosed) throw thrown;
    const reason =
      thrown instanceof MalformedRecord
        ? "malformed"
        : thrown instanceof SourceUnavailable
          ? "unavailable"
          : undefined;
    if (reason === undefined) throw thrown;
    const message = messageOf(thrown);
    return { ...receipt, state: "failed", reason, message, files: [], about: {} };
  }
  tally.files.push(await leaveCompanies(deps.objects, [...tally.issuers].sort()));
  const lastFiled = fromDayNumber(tally.lastFiled);
  const yesterday = addDays(newYorkDay(fetchedMs), -1);
  return {
    ...receipt,
    // A file of somebody's reaches as far as its newest filing; the server's was made last night.
    to: basis === "" ? yesterday : lastFiled,
    state: "done",
    reason: "",
    message: "",
    files: tally.files.filter(({ rows }) => rows > 0),
    about: {
      companies: tally.issuers.size,
      facts: tally.facts,
      rejected: tally.rejected,
      last_filed: lastFiled,
      damaged: tally.damagedCount,
      first_damaged: tally.damaged.join("; ") || null,
    },
  };
}

/** A zip of this machine, or the server's. */
async function open(place: string, { edgar }: EdgarDeps, signal: AbortSignal): Promise<ByteSource> {
  if (!place.startsWith("/Archives/")) return fileSource(place);
  return remoteSource(place, (range) => edgar.get(place, signal, range));
}

async function readFacts(
  place: string,
  tally: Tally,
  fetchedMs: number,
  deps: BulkDeps,
  signal: AbortSignal,
): Promise<void> {
  const { objects } = deps;
  const today = dayNumber(newYorkDay(fetchedMs));
  let facts = new FactRows();
  let captures = new Map<string, string>();
  const keeping: Promise<unknown>[] = [];
  const flush = async (): Promise<void> => {
    await Promise.all(keeping.splice(0));
    for (let row = 0; row < facts.rows; row++) {
      if (facts.filed[row]! > tally.lastFiled) tally.lastFiled = facts.filed[row]!;
    }
    tally.facts += facts.rows;
    tally.rejected += facts.rejected.length;
    tally.files.push(
      await leaveFilings(objects, filingsOfFacts(facts, captures)),
      await leaveFacts(objects, facts, captures),
      await leaveRejected(objects, facts.rejected, captures),
    );
    facts = new FactRows();
    captures = new Map();
  };
  const isBody = (name: string): boolean => /CIK\d{10}\.json$/.test(name);
  await eachEntry(place, isBody, tally, deps, signal, async (entry, bytes) => {
    const before = [facts.rows, facts.rejected.length] as const;
    const { issuerId } = readCompanyFacts(bytes, facts, today);
    if (tally.issuers.has(issuerId)) {
      facts.rewind(...before);
      throw new MalformedRecord("its company was there before");
    }
    tally.issuers.add(issuerId);
    const hashes = captures;
    const kept = keep(entry, bytes, deps).then((hash) => hashes.set(issuerId, hash));
    // Whoever waits for it below hears of a failure; until then it is nobody's.
    kept.catch(() => undefined);
    // Who writes them is slower than who reads: a few at a time.
    if (keeping.push(kept) >= keptAtOnce) await keeping.shift();
    if (facts.rows >= rowsAtOnce) await flush();
  });
  await flush();
}

/** The times of filings, and what the companies are called: of those that have facts. */
async function readTimes(
  place: string,
  tally: Tally,
  fetchedMs: number,
  deps: BulkDeps,
  signal: AbortSignal,
): Promise<void> {
  const { objects } = deps;
  const issuerOf = (name: string): string => /CIK(\d{10})/.exec(name)?.[1] ?? "";
  let filings: IssuerFiling[] = [];
  let attributes: IssuerAttribute[] = [];
  const flush = async (): Promise<void> => {
    tally.files.push(
      await leaveFilings(objects, filings),
      await leaveAttributes(objects, attributes),
    );
    filings = [];
    attributes = [];
  };
  const isWanted = (name: string): boolean =>
    /CIK\d{10}(-submissions-\d+)?\.json$/.test(name) && tally.issuers.has(issuerOf(name));
  await eachEntry(place, isWanted, tally, deps, signal, async (entry, bytes) => {
    const issuerId = issuerOf(entry.name);
    const isPage = entry.name.includes("-submissions-");
    const submissions = isPage ? undefined : readSubmissions(bytes, issuerId);
    const told = submissions ? submissions.filings : readOverflowPage(bytes);
    const capture = await keep(entry, bytes, deps);
    for (const filing of told) filings.push({ ...filing, issuerId, capture });
    if (submissions) attributes.push(...attributesOf(submissions, fetchedMs, capture));
    if (filings.length >= rowsAtOnce) await flush();
  });
  await flush();
}

/** Reads the entries of a zip one after the other; one that is damaged, or no body, is told of and left out. */
async function eachEntry(
  place: string,
  wants: (name: string) => boolean,
  tally: Tally,
  deps: BulkDeps,
  signal: AbortSignal,
  read: (entry: ZipEntry, bytes: Buffer) => Promise<void>,
): Promise<void> {
  const zip = await open(place, deps, signal);
  try {
    for await (const entry of zipEntries(zip, wants)) {
      signal.throwIfAborted();
      try {
        if (entry.bytes === undefined) throw new MalformedRecord(entry.flaw);
        await read(entry, entry.bytes);
      } catch (thrown) {
        if (!(thrown instanceof MalformedRecord)) throw thrown;
        tally.damagedCount++;
        if (tally.damaged.length < 5) tally.damaged.push(`${entry.name}: ${thrown.message}`);
      }
    }
  } finally {
    await zip.close();
  }
}

function keep(entry: ZipEntry, bytes: Buffer, { objects, source }: BulkDeps): Promise<string> {
  const { deflated, checksum } = entry;
  return deflated === undefined
    ? putCapture(objects, source, bytes)
    : putDeflatedCapture(objects, source, bytes, deflated, checksum);
}
