import { LaneClosed } from "../../shared/backfill/lane.ts";
import type { EdgarDeps } from "../../shared/backfill/edgar-lane.ts";
import type { Brought } from "../../shared/backfill/work.ts";
import { MalformedRecord, messageOf, SourceUnavailable } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import { addDays, dayNumber } from "../../shared/market/trading-day.ts";
import { captureReply, type Capture } from "../../shared/objects/capture.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { readCompanyFacts } from "../../shared/sources/edgar/company-facts.ts";
import type { EdgarReply } from "../../shared/sources/edgar/client.ts";
import { FactRows } from "../../shared/sources/edgar/fact-rows.ts";
import {
  readOverflowPage,
  readSubmissions,
  type Filing,
  type OverflowPage,
  type Submissions,
} from "../../shared/sources/edgar/submissions.ts";
import {
  attributesOf,
  filingsOfFacts,
  leaveAttributes,
  leaveFacts,
  leaveFilings,
  leaveRejected,
} from "./leave-files.ts";
import type { CompanyUnit } from "./units.ts";

/**
 * Buys one company: its facts, its submissions, and those pages of older submissions that tell when its facts were filed.
 *
 * @returns what its receipt tells; of a failure too
 * @throws LaneClosed when EDGAR is not asked any more: the unit stays missing
 * @throws SourceRejected when EDGAR refuses us
 */
export async function fetchCompany(
  unit: CompanyUnit,
  deps: EdgarDeps,
  signal: AbortSignal,
): Promise<Brought> {
  const { from, to } = unit;
  const receipt = { from, to, basis: "" };
  const failed = (reason: string, message: string, capture: Capture | null = null): Brought => ({
    ...receipt,
    state: "failed",
    reason,
    message,
    capture,
    files: [],
    about: {},
  });
  let capture: Capture | null = null;
  try {
    const { issuerId } = unit;
    const facts = await deps.edgar.get(`/api/xbrl/companyfacts/CIK${issuerId}.json`, signal);
    const submissions = await deps.edgar.get(`/submissions/CIK${issuerId}.json`, signal);
    if (!facts.found && !submissions.found) {
      return failed("unknown_company", `EDGAR has no company of CIK ${issuerId}.`);
    }
    // What was filed on the day itself may not all be in.
    const reached = addDays(newYorkDay(facts.fetchedMs), -1);
    capture = facts.found ? await captureReply(deps.objects, deps.source, facts) : null;
    const factsHash = capture?.hash;
    capture ??= await captureReply(deps.objects, deps.source, submissions);
    const read = await readAll(issuerId, facts, submissions, deps, signal);
    return {
      ...receipt,
      to: reached,
      state: "done",
      reason: "",
      message: "",
      capture,
      files: await leave(
        deps.objects,
        read,
        issuerId,
        factsHash ?? capture.hash,
        submissions.fetchedMs,
      ),
      about: {
        name: read.submissions?.name ?? read.name,
        facts: read.facts.rows,
        rejected: read.facts.rejected.length,
        no_facts: facts.found ? null : "EDGAR has no facts of this company",
        submissions: read.submissionsHash ?? null,
      },
    };
  } catch (thrown) {
    if (thrown instanceof LaneClosed) throw thrown;
    if (thrown instanceof MalformedRecord) return failed("malformed", thrown.message, capture);
    if (thrown instanceof SourceUnavailable)
      return failed("unavailable", messageOf(thrown), capture);
    throw thrown;
  }
}

interface Read {
  readonly name: string;
  readonly facts: FactRows;
  readonly submissions: Submissions | undefined;
  readonly submissionsHash: string | undefined;
  readonly filings: readonly Filing[];
}

async function readAll(
  issuerId: string,
  factsReply: EdgarReply,
  submissionsReply: EdgarReply,
  deps: EdgarDeps,
  signal: AbortSignal,
): Promise<Read> {
  const facts = new FactRows();
  const today = dayNumber(newYorkDay(factsReply.fetchedMs));
  const { name } = factsReply.found
    ? readCompanyFacts(factsReply.bytes, facts, today, issuerId)
    : { name: "" };
  if (!submissionsReply.found) {
    return { name, facts, submissions: undefined, submissionsHash: undefined, filings: [] };
  }
  const { hash: submissionsHash } = await captureReply(deps.objects, deps.source, submissionsReply);
  const submissions = readSubmissions(submissionsReply.bytes, issuerId);
  const filings = [...submissions.filings];
  for (const page of submissions.pages) {
    if (!isNeeded(page, facts, filings)) continue;
    const reply = await deps.edgar.get(`/submissions/${page.name}`, signal);
    if (!reply.found) continue;
    await captureReply(deps.objects, deps.source, reply);
    filings.push(...readOverflowPage(reply.bytes));
  }
  return { name, facts, submissions, submissionsHash, filings };
}

/** True when some fact was filed on a page's days by a filing that is not told of yet. */
function isNeeded(
  { from, to }: OverflowPage,
  facts: FactRows,
  filings: readonly Filing[],
): boolean {
  const told = new Set(filings.map(({ accession }) => accession));
  const isTold = facts.accessions.texts.map((accession) => told.has(accession));
  const first = from === undefined ? -Infinity : dayNumber(from);
  const last = to === undefined ? Infinity : dayNumber(to);
  for (let row = 0; row < facts.rows; row++) {
    const filed = facts.filed[row]!;
    if (!isTold[facts.accession[row]!]! && first <= filed && filed <= last) return true;
  }
  return false;
}

async function leave(
  objects: ObjectStore,
  { facts, submissions, submissionsHash, filings }: Read,
  issuerId: string,
  capture: string,
  fetchedMs: number,
) {
  const captures = new Map([[issuerId, capture]]);
  const told = new Set(filings.map(({ accession }) => accession));
  const files = [
    await leaveFilings(objects, [
      ...filings.map((filing) => ({ ...filing, issuerId, capture: submissionsHash ?? capture })),
      ...filingsOfFacts(facts, captures, (_, accession) => told.has(accession)),
    ]),
    await leaveFacts(objects, facts, captures),
    await leaveAttributes(
      objects,
      submissions ? attributesOf(submissions, fetchedMs, submissionsHash ?? capture) : [],
    ),
    await leaveRejected(objects, facts.rejected, captures),
  ];
  return files.filter(({ rows }) => rows > 0);
}
