import { newYorkDay, newYorkInstant } from "../../market/new-york.ts";
import { addDays, type TradingDay } from "../../market/trading-day.ts";
import { indexOfIssuer } from "../company.ts";
import type { Archive, Filer } from "./archive.ts";
import type { SimulatedFiling } from "./filings.ts";

/** Filings in a company's main page; older ones stand in an overflow page. */
const recentFilings = 12;

/** What is public at an instant: EDGAR opens at 06:00, and nothing is there before it is accepted. */
export function publicFilings({ filings }: Filer, nowMs: number): SimulatedFiling[] {
  return filings.filter(
    ({ acceptedMs, filed }) => Math.max(acceptedMs, newYorkInstant(filed, 360)) <= nowMs,
  );
}

/** A body of `companyfacts`; undefined for a company without facts. */
export function companyFactsBody(filer: Filer, nowMs: number): string | undefined {
  interface Row {
    start?: string;
    end: string;
    val: number;
    accn: string;
    fy: number;
    fp: string;
    form: string;
    filed: string;
  }
  const facts: Record<
    string,
    Record<string, { label: string; description: string; units: Record<string, Row[]> }>
  > = {};
  const filings = publicFilings(filer, nowMs);
  if (filings.length === 0) return undefined;
  for (const { facts: filed, accession, fiscalYear, fiscalPeriod, form, filed: day } of filings) {
    for (const { taxonomy, concept, unit, from, to, value } of filed) {
      const ofConcept = ((facts[taxonomy] ??= {})[concept] ??= {
        label: concept.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " "),
        description: `${concept}, simulated.`,
        units: {},
      });
      (ofConcept.units[unit] ??= []).push({
        ...(from && { start: from }),
        end: to,
        val: value,
        accn: accession,
        fy: fiscalYear,
        fp: fiscalPeriod,
        form,
        filed: day,
      });
    }
  }
  for (const concepts of Object.values(facts)) {
    for (const { units } of Object.values(concepts)) {
      for (const rows of Object.values(units)) {
        rows.sort((a, b) => (a.end < b.end ? -1 : a.end > b.end ? 1 : a.filed < b.filed ? -1 : 1));
      }
    }
  }
  return JSON.stringify({ cik: Number(filer.issuer), entityName: filer.name, facts });
}

/** Of every fifth filer the clock is New York's, whatever its Z says. */
function acceptanceOf(issuer: string, acceptedMs: number): string {
  const byNewYork = indexOfIssuer(issuer) % 5 === 0;
  if (!byNewYork) return new Date(acceptedMs).toISOString();
  const day = newYorkDay(acceptedMs);
  const offset = Date.parse(`${day}T12:00:00Z`) - newYorkInstant(day, 720);
  return new Date(acceptedMs + offset).toISOString();
}

function columnsOf(issuer: string, filings: readonly SimulatedFiling[]) {
  return {
    accessionNumber: filings.map(({ accession }) => accession),
    filingDate: filings.map(({ filed }) => filed),
    reportDate: filings.map(({ periodEnd }) => periodEnd),
    acceptanceDateTime: filings.map(({ acceptedMs }) => acceptanceOf(issuer, acceptedMs)),
    form: filings.map(({ form }) => form),
    items: filings.map(() => ""),
    size: filings.map(({ facts }) => 1000 * facts.length),
    isXBRL: filings.map(() => 1),
    isInlineXBRL: filings.map(() => 1),
    primaryDocument: filings.map(({ document }) => document),
    primaryDocDescription: filings.map(({ form }) => form),
  };
}

/** Of every seventh filer the overflow page is lost: its old filings have no acceptance time. */
const losesItsPage = (issuer: string): boolean => indexOfIssuer(issuer) % 7 === 3;

/** A body of `submissions`. */
export function submissionsBody(filer: Filer, nowMs: number): string {
  const newest = publicFilings(filer, nowMs).reverse();
  const older = newest.slice(recentFilings);
  const { issuer, name, listings } = filer;
  const today = newYorkDay(nowMs);
  const listed = listings.filter(
    ({ firstDay, delisting }) =>
      firstDay <= today && (delisting === undefined || delisting.lastDay >= today),
  );
  const renamed = indexOfIssuer(issuer) % 11 === 5;
  return JSON.stringify({
    cik: issuer,
    entityType: "operating",
    sic: String(1000 + ((indexOfIssuer(issuer) * 37) % 8000)).padStart(4, "0"),
    sicDescription: listings[0]!.group,
    name,
    tickers: listed.map(({ ticker }) => ticker),
    exchanges: listed.map(({ exchange }) => exchange),
    formerNames: renamed
      ? [
          {
            name: `OLD ${name}`,
            from: `${addDays(listings[0]!.firstDay, -700)}T00:00:00.000Z`,
            to: `${addDays(listings[0]!.firstDay, -10)}T00:00:00.000Z`,
          },
        ]
      : [],
    filings: {
      recent: columnsOf(issuer, newest.slice(0, recentFilings)),
      files:
        older.length === 0 || losesItsPage(issuer)
          ? []
          : [
              {
                name: `CIK${issuer}-submissions-001.json`,
                filingCount: older.length,
                filingFrom: older.at(-1)!.filed,
                filingTo: older[0]!.filed,
              },
            ],
    },
  });
}

/** The overflow page of a company's old filings; undefined where there is none. */
export function overflowBody(filer: Filer, nowMs: number): string | undefined {
  const older = publicFilings(filer, nowMs).reverse().slice(recentFilings);
  if (older.length === 0 || losesItsPage(filer.issuer)) return undefined;
  return JSON.stringify(columnsOf(filer.issuer, older));
}

/** `company_tickers.json`: what trades now. */
export function companyTickersBody(archive: Archive, nowMs: number): string {
  const today = newYorkDay(nowMs);
  const rows = archive.issuers.flatMap((issuer) =>
    archive
      .filer(issuer)!
      .listings.filter(
        ({ firstDay, delisting }) =>
          firstDay <= today && (delisting === undefined || delisting.lastDay >= today),
      )
      .map(({ ticker, name }) => ({ cik_str: Number(issuer), ticker, title: name })),
  );
  return JSON.stringify(Object.fromEntries(rows.map((row, at) => [String(at), row])));
}

/** A day's index of filings; undefined on a day without. */
export function dailyIndexBody(
  archive: Archive,
  day: TradingDay,
  nowMs: number,
): string | undefined {
  const lines: string[] = [];
  for (const issuer of archive.issuers) {
    const filer = archive.filer(issuer)!;
    for (const { filed, form, accession } of publicFilings(filer, nowMs)) {
      if (filed !== day) continue;
      const path = `edgar/data/${Number(issuer)}/${accession}.txt`;
      lines.push(
        `${filer.name.padEnd(62)}${form.padEnd(12)}${String(Number(issuer)).padEnd(12)}${day.replaceAll("-", "").padEnd(12)}${path}`,
      );
    }
  }
  if (lines.length === 0) return undefined;
  return [
    "Description:           Daily Index of EDGAR Dissemination Feed by Company Name",
    " ",
    `${"Company Name".padEnd(62)}${"Form Type".padEnd(12)}${"CIK".padEnd(12)}Date Filed  File Name`,
    "-".repeat(140),
    ...lines,
    "",
  ].join("\n");
}
