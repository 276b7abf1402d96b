import { z } from "zod";
import { MalformedRecord, messageOf } from "../../errors.ts";
import { isTradingDay, type TradingDay } from "../../market/trading-day.ts";
import { issuerIdOf } from "./issuer-id.ts";
import { knownByAcceptance, knownByFilingDay } from "./known-at.ts";

/** A filing as the submissions tell of it. */
export interface Filing {
  readonly accession: string;
  readonly form: string;
  readonly filed: TradingDay;
  /** Ms since 1970 UTC. */
  readonly knownMs: number;
  /** What `knownMs` rests on. */
  readonly knownBy: "acceptance" | "filing day";
  /** End of the period that the report is about; undefined where there is none. */
  readonly periodEnd: TradingDay | undefined;
  /** File name in the filing's folder; empty in old ones. */
  readonly primaryDocument: string;
  /** Items of an 8-K, `2.02,9.01`. */
  readonly items: string;
}

/** What a company is called, and since when. */
export interface FormerName {
  readonly name: string;
  readonly from: TradingDay | undefined;
  readonly to: TradingDay | undefined;
}

/** A page of older filings. */
export interface OverflowPage {
  /** `CIK0000320193-submissions-001.json` */
  readonly name: string;
  readonly from: TradingDay | undefined;
  readonly to: TradingDay | undefined;
}

export interface Submissions {
  readonly issuerId: string;
  readonly name: string;
  readonly formerNames: readonly FormerName[];
  /** Securities in the order in which EDGAR lists them. */
  readonly tickers: readonly { readonly ticker: string; readonly exchange: string | undefined }[];
  /** Standard industrial classification, four digits; undefined where there is none. */
  readonly sic: string | undefined;
  readonly sicDescription: string | undefined;
  readonly filings: readonly Filing[];
  readonly pages: readonly OverflowPage[];
}

const texts = z.array(z.string().nullable());

const columnsSchema = z.object({
  accessionNumber: z.array(z.string()),
  filingDate: texts,
  reportDate: texts.optional(),
  acceptanceDateTime: texts.optional(),
  form: texts,
  items: texts.optional(),
  primaryDocument: texts.optional(),
});

const bodySchema = z.object({
  cik: z.union([z.string(), z.number()]),
  name: z.string().nullish(),
  sic: z.union([z.string(), z.number()]).nullish(),
  sicDescription: z.string().nullish(),
  tickers: z.array(z.string().nullable()).nullish(),
  exchanges: z.array(z.string().nullable()).nullish(),
  formerNames: z
    .array(z.object({ name: z.string(), from: z.string().nullish(), to: z.string().nullish() }))
    .nullish(),
  filings: z.object({
    recent: columnsSchema,
    files: z
      .array(
        z.object({
          name: z.string(),
          filingFrom: z.string().nullish(),
          filingTo: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
});

/**
 * Reads a body of EDGAR's `submissions`.
 *
 * @throws MalformedRecord when it is none
 */
export function readSubmissions(bytes: Buffer, expected?: string): Submissions {
  const body = parse(bytes, bodySchema);
  const issuerId = issuerIdOf(body.cik);
  if (issuerId === undefined || (expected !== undefined && issuerId !== expected)) {
    throw new MalformedRecord(
      `Expected the submissions of ${expected ?? "a CIK"}, got "${body.cik}".`,
    );
  }
  const { tickers = [], exchanges = [], formerNames = [], sic, sicDescription } = body;
  return {
    issuerId,
    name: body.name ?? "",
    formerNames: (formerNames ?? []).map(({ name, from, to }) => ({
      name,
      from: dayOf(from),
      to: dayOf(to),
    })),
    tickers: (tickers ?? []).flatMap((ticker, at) =>
      ticker ? [{ ticker, exchange: (exchanges ?? [])[at] ?? undefined }] : [],
    ),
    sic: sic == null || sic === "" ? undefined : String(sic).padStart(4, "0"),
    sicDescription: sicDescription ?? undefined,
    filings: filingsOf(body.filings.recent),
    pages: (body.filings.files ?? []).map(({ name, filingFrom, filingTo }) => ({
      name,
      from: dayOf(filingFrom),
      to: dayOf(filingTo),
    })),
  };
}

/**
 * Reads an overflow page: the older filings.
 *
 * @throws MalformedRecord when it is none
 */
export function readOverflowPage(bytes: Buffer): Filing[] {
  return filingsOf(parse(bytes, columnsSchema));
}

function parse<Value>(bytes: Buffer, schema: z.ZodType<Value>): Value {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch (thrown) {
    throw new MalformedRecord(`Expected submissions as JSON: ${messageOf(thrown)}.`);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MalformedRecord(
    `Expected submissions: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}

const dayOf = (text: string | null | undefined): TradingDay | undefined => {
  const day = text?.slice(0, 10) ?? "";
  return isTradingDay(day) ? day : undefined;
};

/** Reports of insiders and holders: they stand under a company's number, and say nothing of its books. */
const ofHolders = /^(3|4|5|144|SC 13[DG]|SCHEDULE 13[DG]|13F-.*)(\/A)?$/;

function filingsOf(columns: z.infer<typeof columnsSchema>): Filing[] {
  const { accessionNumber, filingDate, form, reportDate, acceptanceDateTime } = columns;
  const { primaryDocument, items } = columns;
  const filings: Filing[] = [];
  for (const [at, accession] of accessionNumber.entries()) {
    const filed = dayOf(filingDate[at]);
    const kind = form[at] ?? "";
    if (filed === undefined || ofHolders.test(kind)) continue;
    const accepted = knownByAcceptance(acceptanceDateTime?.[at] ?? "", filed);
    filings.push({
      accession,
      form: kind,
      filed,
      knownMs: accepted ?? knownByFilingDay(filed),
      knownBy: accepted === undefined ? "filing day" : "acceptance",
      periodEnd: dayOf(reportDate?.[at]),
      primaryDocument: primaryDocument?.[at] ?? "",
      items: items?.[at] ?? "",
    });
  }
  return filings;
}
