import { z } from "zod";
import { MalformedRecord, messageOf } from "../../errors.ts";
import { issuerIdOf } from "./issuer-id.ts";

/** A ticker that EDGAR knows today, and the company whose security it is. */
export interface CompanyTicker {
  readonly ticker: string;
  readonly issuerId: string;
  readonly name: string;
}

const schema = z.record(
  z.string(),
  z.object({
    cik_str: z.union([z.string(), z.number()]),
    ticker: z.string(),
    title: z.string(),
  }),
);

/**
 * Reads EDGAR's `company_tickers.json`.
 *
 * @throws MalformedRecord when it is something else
 */
export function readCompanyTickers(bytes: Buffer): CompanyTicker[] {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch (thrown) {
    throw new MalformedRecord(`company_tickers.json: expected JSON: ${messageOf(thrown)}.`);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new MalformedRecord(
      `company_tickers.json: expected {cik_str, ticker, title} by number: ${parsed.error.issues[0]?.message ?? ""}.`,
    );
  }
  return Object.values(parsed.data).flatMap(({ cik_str, ticker, title }) => {
    const issuerId = issuerIdOf(cik_str);
    return issuerId === undefined ? [] : [{ ticker, issuerId, name: title }];
  });
}
