import type { SecurityId } from "../../market/security.ts";
import { comparable } from "../../market/universe.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";
import { dayNumber, type TradingDay } from "../../market/trading-day.ts";

/** Ten digits of what may be a CIK in a universe's column; everything else as it is. */
const asCik = (column: string): string =>
  `if(match(${column}, '^[0-9]{1,10}$'), leftPad(${column}, 10, '0'), ${column})`;

/** A security and the issuer whose it is. */
export interface IssuerOfSecurity {
  readonly securityId: SecurityId;
  readonly issuerId: string;
}

/** Securities whose issuer is known, by security; an issuer with two share classes stands there twice. */
export function issuersOfSecurities(warehouse: Warehouse): Promise<IssuerOfSecurity[]> {
  return warehouse.rows<IssuerOfSecurity>(
    `SELECT security_id AS securityId, ${asCik("argMax(issuer_id, ingested_at)")} AS issuerId
     FROM securities GROUP BY security_id HAVING issuerId != '' ORDER BY securityId`,
  );
}

/**
 * Gives securities that have no issuer the one under whose name EDGAR lists their ticker. EDGAR lists tickers of today, so that
 * only a security that trades on can be meant: of a ticker that was reused, the last.
 *
 * @returns how many found theirs
 */
export async function linkSecurities(warehouse: Warehouse, nowMs: number): Promise<number> {
  const orphans = await warehouse.rows<{
    securityId: SecurityId;
    ticker: string;
    source: string;
    symbol: string;
    firstDay: TradingDay;
  }>(
    `SELECT s.security_id AS securityId, t.ticker AS ticker, s.source AS source, s.symbol AS symbol, s.first_day AS firstDay
     FROM (SELECT security_id, argMax(issuer_id, ingested_at) AS issuer_id, any(source) AS source, any(symbol) AS symbol,
             any(first_day) AS first_day FROM securities GROUP BY security_id HAVING issuer_id = '') AS s
     INNER JOIN (
       SELECT security_id, ticker FROM (
         SELECT security_id, ticker, from_day, argMax(tuple(to_day), known_at).1 AS to_day FROM tickers GROUP BY security_id, ticker, from_day)
       WHERE to_day IS NULL) AS t ON s.security_id = t.security_id
     ORDER BY securityId`,
  );
  if (orphans.length === 0) return 0;
  const listed = await warehouse.rows<{ ticker: string; issuerId: string }>(
    `SELECT value AS ticker, argMax(issuer_id, known_at) AS issuerId FROM issuer_attributes
     WHERE attribute = 'ticker' GROUP BY value`,
  );
  const issuerOf = new Map(listed.map(({ ticker, issuerId }) => [comparable(ticker), issuerId]));
  const found = orphans.flatMap((orphan) => {
    const issuerId = issuerOf.get(comparable(orphan.ticker));
    return issuerId === undefined ? [] : [{ ...orphan, issuerId }];
  });
  await insertColumns(warehouse, "securities", [
    { name: "security_id", type: "String", text: found.map(({ securityId }) => securityId) },
    { name: "issuer_id", type: "String", text: found.map(({ issuerId }) => issuerId) },
    { name: "source", type: "String", text: found.map(({ source }) => source) },
    { name: "symbol", type: "String", text: found.map(({ symbol }) => symbol) },
    {
      name: "first_day",
      type: "Date",
      values: Uint16Array.from(found, ({ firstDay }) => dayNumber(firstDay)),
    },
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(found.length).fill(Math.floor(nowMs / 1000) + 1),
    },
  ]);
  return found.length;
}
