import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import type { Warehouse } from "../warehouse.ts";

/** A row of facts with the time of its filing. */
export interface FactRow {
  readonly taxonomy: string;
  readonly concept: string;
  readonly unit: string;
  /** Days since 1970; NaN for an instant. */
  readonly start: number;
  /** Days since 1970. */
  readonly end: number;
  readonly value: number;
  readonly accession: string;
  readonly form: string;
  /** Days since 1970. */
  readonly filed: number;
  /** Ms since 1970 UTC; NaN where no filing is held. */
  readonly knownMs: number;
  /** What `knownMs` rests on; empty where no filing is held. */
  readonly knownBy: string;
}

/**
 * The facts of an issuer, in any order; of some concepts only, where they are given.
 *
 * @param issuerId CIK of ten digits
 */
export async function factsOfIssuer(
  warehouse: Warehouse,
  issuerId: string,
  concepts?: readonly string[],
): Promise<FactRow[]> {
  const rows = await warehouse.rows<{
    taxonomy: string;
    concept: string;
    unit: string;
    start: number | null;
    end: number;
    value: number;
    accession: string;
    form: string;
    filed: TradingDay;
    knownAt: number | null;
    knownBy: string | null;
  }>(
    `SELECT f.taxonomy AS taxonomy, f.concept AS concept, f.unit AS unit, toInt32(f.period_start) AS start, toInt32(f.period_end) AS end,
       f.value AS value, f.accession AS accession, f.form AS form, f.filed AS filed, t.at AS knownAt, t.known_by AS knownBy
     FROM facts AS f
     LEFT JOIN (
       SELECT accession, toNullable(toUnixTimestamp(argMax(known_at, rank))) AS at, toNullable(argMax(known_by, rank)) AS known_by
       FROM filings WHERE issuer_id = {issuerId:String} GROUP BY accession
     ) AS t ON f.accession = t.accession
     WHERE f.issuer_id = {issuerId:String} ${concepts ? "AND f.concept IN {concepts:Array(String)}" : ""}`,
    { issuerId, ...(concepts && { concepts }) },
  );
  return rows.map(({ start, filed, knownAt, knownBy, ...row }) => ({
    ...row,
    start: start ?? NaN,
    filed: dayNumber(filed),
    knownMs: knownAt === null ? NaN : knownAt * 1000,
    knownBy: knownBy ?? "",
  }));
}

/** What tells the reports of a warehouse from those of another day: facts, the times of filings, and whose the securities are. */
export interface ReportedThere {
  readonly facts: number;
  readonly filings: string;
  readonly owners: string;
}

/** Facts are only ever added, so their number tells. Of filings and securities the same row may stand there twice for a while. */
export async function reportedThere(warehouse: Warehouse): Promise<ReportedThere> {
  const rows = await warehouse.rows<ReportedThere>(
    `SELECT (SELECT count() FROM facts) AS facts,
       (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(issuer_id, accession, known_at, rank) AS hash FROM filings)) AS filings,
       (SELECT toString(groupBitXor(hash)) FROM (SELECT DISTINCT cityHash64(security_id, issuer_id) AS hash FROM securities)) AS owners`,
  );
  return rows[0]!;
}
