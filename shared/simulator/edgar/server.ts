import { buffer } from "node:stream/consumers";
import { sessionCloseMs } from "../../market/calendar.ts";
import { isTradingDay } from "../../market/trading-day.ts";
import { hourMs } from "../../units.ts";
import { Loopback, type LoopbackOptions, type Vendor, type VendorRequest } from "../loopback.ts";
import type { Market } from "../market.ts";
import type { Reply } from "../reply.ts";
import { Archive, type Filer } from "./archive.ts";
import {
  companyFactsBody,
  companyTickersBody,
  dailyIndexBody,
  overflowBody,
  publicFilings,
  submissionsBody,
} from "./bodies.ts";
import { documentBody } from "./document.ts";
import { exhibitPdf } from "./exhibit.ts";
import type { SimulatedFiling } from "./filings.ts";

/** Failures in the data, on request. */
export type EdgarFault =
  /** The body ends in its middle, and the reply is whole. */
  { readonly kind: "half-body" };

/** How the simulated EDGAR runs. */
export interface EdgarOptions extends LoopbackOptions<EdgarFault> {
  /** The server's present, ms since 1970: nothing later is filed; default ten hours after the market's last close. */
  readonly now?: number | (() => number);
}

/** EDGAR's own limit: more requests in a second are banned for ten minutes. */
export const edgarLimit = { perSecond: 10, banMs: 600_000 } as const;

const exhibit = "annual-report.pdf";

const json = "application/json";
const html = "text/html";

const notFound: Reply = {
  status: 404,
  contentType: "application/xml",
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
};
const accessDenied: Reply = {
  status: 403,
  contentType: "application/xml",
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};
const undeclared: Reply = {
  status: 403,
  contentType: html,
  body: "<html><head><title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title></head><body></body></html>",
};
const tooMany: Reply = {
  status: 403,
  contentType: html,
  body: "<html><head><title>SEC.gov | Request Rate Threshold Exceeded</title></head><body></body></html>",
};

/**
 * Starts a simulated EDGAR on 127.0.0.1: `companyfacts`, `submissions` with overflow pages, tickers, daily indexes, both zips by
 * ranges, and documents, of the companies of a market. It serves nobody without an address to write to.
 */
export async function startEdgar(
  market: Market,
  options: EdgarOptions = {},
): Promise<Loopback<EdgarFault>> {
  const { now = sessionCloseMs(market.sessions.at(-1)!) + 10 * hourMs, ...line } = options;
  const present = typeof now === "number" ? () => now : now;
  const archive = new Archive(market);
  const zips = new Map<string, Promise<Buffer>>();

  const zipOf = (path: string, nowMs: number): Promise<Buffer> | undefined => {
    const name = /\/(companyfacts|submissions)\.zip$/.exec(path)?.[1];
    if (name === undefined) return undefined;
    const key = `${name} ${nowMs}`;
    const made = zips.get(key) ?? makeZip(archive, name, nowMs);
    zips.set(key, made);
    return made;
  };

  const vendor: Vendor<EdgarFault> = {
    subjectOf: ({ url }) => url.pathname,
    async answer(request, fault) {
      if (!/\S@\S+\.\S/.test(request.headers["user-agent"] ?? "")) return undeclared;
      const { pathname } = request.url;
      const nowMs = present();
      const zip = await zipOf(pathname, nowMs);
      const reply =
        zip === undefined ? answer(archive, pathname, nowMs) : rangeOf(request, zip, `"${nowMs}"`);
      if (fault?.kind !== "half-body" || typeof reply.body !== "string") return reply;
      return { ...reply, body: reply.body.slice(0, reply.body.length / 2) };
    },
    refusal: tooMany,
  };
  return Loopback.start(vendor, line);
}

function answer(archive: Archive, path: string, nowMs: number): Reply {
  const found = (contentType: string, body: string | undefined): Reply =>
    body === undefined ? notFound : { status: 200, contentType, body };
  if (path === "/files/company_tickers.json")
    return found(json, companyTickersBody(archive, nowMs));
  const [, kind, issuer, page] =
    /^\/(api\/xbrl\/companyfacts|submissions)\/CIK(\d{10})(-submissions-001)?\.json$/.exec(path) ??
    [];
  if (issuer !== undefined) {
    const filer = archive.filer(issuer);
    if (filer === undefined) return notFound;
    if (kind !== "submissions") return found(json, companyFactsBody(filer, nowMs));
    return found(json, page ? overflowBody(filer, nowMs) : submissionsBody(filer, nowMs));
  }
  const [, year, month, date] =
    /\/daily-index\/\d{4}\/QTR\d\/company\.(\d{4})(\d{2})(\d{2})\.idx$/.exec(path) ?? [];
  if (year !== undefined) {
    const day = `${year}-${month!}-${date!}`;
    const index = isTradingDay(day) ? dailyIndexBody(archive, day, nowMs) : undefined;
    return index === undefined ? accessDenied : found("text/plain", index);
  }
  const [, cik, folder, document] =
    /\/Archives\/edgar\/data\/(\d+)\/(\d{18})\/(\S+)$/.exec(path) ?? [];
  if (cik !== undefined) {
    const filer = archive.filer(cik.padStart(10, "0"));
    const filing =
      filer &&
      publicFilings(filer, nowMs).find((one) => one.accession.replaceAll("-", "") === folder);
    return filing === undefined ? accessDenied : documentOf(filer!, filing, document!);
  }
  return path.startsWith("/Archives/") ? accessDenied : notFound;
}

/** A file of a filing's folder: its report, the list of all, and of an annual report one as companies print it. */
function documentOf(filer: Filer, filing: SimulatedFiling, name: string): Reply {
  const files = [filing.document, ...(filing.form.startsWith("10-K") ? [exhibit] : [])];
  if (name === "index.json") {
    const item = files.map((file) => ({ name: file, type: "text.gif", size: "" }));
    return { status: 200, contentType: json, body: JSON.stringify({ directory: { item } }) };
  }
  if (!files.includes(name)) return accessDenied;
  return name === exhibit
    ? {
        status: 200,
        contentType: "application/pdf",
        body: exhibitPdf(`${filer.name}, annual report to ${filing.periodEnd}`),
      }
    : { status: 200, contentType: html, body: documentBody(filer, filing) };
}

/** The part that is asked for, or all. */
function rangeOf({ headers }: VendorRequest, bytes: Buffer, etag: string): Reply {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const whole = { contentType: "application/zip", headers: { etag, "accept-ranges": "bytes" } };
  if (from === undefined) return { status: 200, ...whole, body: bytes };
  const begin = Number(from);
  const end = Math.min(bytes.length - 1, to === "" ? bytes.length - 1 : Number(to));
  if (begin > end) return { status: 416, ...whole, body: "" };
  return {
    status: 206,
    ...whole,
    headers: { ...whole.headers, "content-range": `bytes ${begin}-${end}/${bytes.length}` },
    body: bytes.subarray(begin, end + 1),
  };
}

/** A nightly zip of all companies; of submissions the overflow pages too. */
async function makeZip(archive: Archive, name: string, nowMs: number): Promise<Buffer> {
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const add = (file: string, body: string | undefined): void => {
    // One date for all, so that the same market makes the same bytes.
    if (body !== undefined) zip.addBuffer(Buffer.from(body), file, { mtime: new Date(0) });
  };
  for (const issuer of archive.issuers) {
    const filer = archive.filer(issuer)!;
    if (name === "companyfacts") add(`CIK${issuer}.json`, companyFactsBody(filer, nowMs));
    else {
      add(`CIK${issuer}.json`, submissionsBody(filer, nowMs));
      add(`CIK${issuer}-submissions-001.json`, overflowBody(filer, nowMs));
    }
  }
  zip.end();
  return buffer(zip.outputStream);
}
