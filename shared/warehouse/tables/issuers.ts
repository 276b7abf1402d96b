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

/** Days before the newest bar of all by which a security that trades on has its last. */
const idleDays = 14;

/**
 * Gives securities that have no issuer the one under whose name EDGAR lists their ticker. EDGAR lists tickers of today, so that
 * only a security that trades on can be meant: one whose bars end long before the others' may be another company, whose ticker
 * was taken over.
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
     WHERE s.security_id IN (
       SELECT security_id FROM bars GROUP BY security_id HAVING max(day) >= (SELECT max(day) FROM bars) - ${idleDays})
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
      // Later than the row whose place it takes, which may be of this very second.
      values: new Uint32Array(found.length).fill(Math.floor(nowMs / 1000) + 1),
    },
  ]);
  return found.length;
}

/** An issuer as people know it. */
export interface IssuerName {
  readonly issuerId: string;
  readonly name: string;
}

/**
 * The issuer of a ticker, by what EDGAR lists and by what prices came under; the name is the one it has now.
 *
 * @returns undefined for a ticker that nobody knows
 */
export async function issuerOfTicker(
  warehouse: Warehouse,
  ticker: string,
): Promise<string | undefined> {
  const spellings = [
    ...new Set([
      ticker,
      ticker.toUpperCase(),
      comparable(ticker),
      comparable(ticker).replaceAll(".", "-"),
    ]),
  ];
  const rows = await warehouse.rows<{ issuerId: string }>(
    `SELECT issuerId FROM (
       SELECT issuer_id AS issuerId, 0 AS place, toUnixTimestamp(known_at) AS at FROM issuer_attributes
       WHERE attribute = 'ticker' AND value IN {spellings:Array(String)}
       UNION ALL
       SELECT ${asCik("s.issuer_id")} AS issuerId, 1 AS place, toUnixTimestamp(t.known_at) AS at
       FROM tickers AS t INNER JOIN securities AS s ON t.security_id = s.security_id
       WHERE t.ticker IN {spellings:Array(String)} AND s.issuer_id != ''
     ) ORDER BY place, at DESC LIMIT 1`,
    { spellings },
  );
  return rows[0]?.issuerId;
}

/** What the companies of tickers are called now, by ticker as `comparable` writes it. */
export async function tickerNames(warehouse: Warehouse): Promise<Map<string, string>> {
  const rows = await warehouse.rows<{ ticker: string; name: string }>(
    `SELECT t.value AS ticker, argMax(n.name, t.known_at) AS name
     FROM (SELECT issuer_id, value, known_at FROM issuer_attributes WHERE attribute = 'ticker') AS t
     INNER JOIN (SELECT issuer_id, argMax(value, known_at) AS name FROM issuer_attributes WHERE attribute = 'name' AND to_day IS NULL GROUP BY issuer_id) AS n
     ON t.issuer_id = n.issuer_id GROUP BY ticker`,
  );
  return new Map(rows.map(({ ticker, name }) => [comparable(ticker), name]));
}

/** What an issuer is called now; its number where no source names it. */
export async function nameOfIssuer(warehouse: Warehouse, issuerId: string): Promise<string> {
  const rows = await warehouse.rows<{ name: string }>(
    `SELECT value AS name FROM issuer_attributes WHERE attribute = 'name' AND issuer_id = {issuerId:String} AND to_day IS NULL
     ORDER BY known_at DESC LIMIT 1`,
    { issuerId },
  );
  return rows[0]?.name ?? issuerId;
}

/** A security with its issuer; an issuer without prices stands alone, and so does a security without an issuer. */
export interface FoundSecurity {
  readonly security_id: SecurityId | null;
  readonly ticker: string | null;
  readonly from_day: TradingDay | null;
  readonly to_day: TradingDay | null;
  readonly issuer_id: string | null;
  readonly name: string | null;
  readonly former_names: readonly string[];
  readonly exchange: string | null;
  readonly sic: string | null;
  readonly sic_description: string | null;
}

/** Rows that a search gives at most. */
const mostFound = 200;

/** Companies and securities by ticker, CIK, id, or a part of any name that they had. */
export async function searchSecurities(
  warehouse: Warehouse,
  search: string,
): Promise<FoundSecurity[]> {
  const cik = /^\d{1,10}$/.test(search) ? search.padStart(10, "0") : "";
  const rows = await warehouse.rows<FoundSecurity>(
    `WITH
       issuer AS (
         SELECT issuer_id,
           argMaxIf(value, tuple(to_day IS NULL, known_at), attribute = 'name') AS name,
           arraySort(groupUniqArrayIf(value, attribute = 'name' AND to_day IS NOT NULL)) AS former_names,
           groupUniqArrayIf(value, attribute = 'ticker') AS tickers,
           groupUniqArrayIf(value, attribute = 'exchange') AS exchanges,
           argMaxIf(value, known_at, attribute = 'sic') AS sic,
           argMaxIf(value, known_at, attribute = 'sic_description') AS sic_description
         FROM issuer_attributes GROUP BY issuer_id),
       security AS (
         SELECT s.security_id AS security_id, s.issuer_id AS issuer_id, t.ticker AS ticker, t.from_day AS from_day, t.to_day AS to_day
         FROM (SELECT security_id, ${asCik("argMax(securities.issuer_id, ingested_at)")} AS issuer_id FROM securities GROUP BY security_id) AS s
         LEFT JOIN (
           SELECT security_id, ticker, toNullable(from_day) AS from_day, argMax(tuple(to_day), known_at).1 AS to_day
           FROM tickers GROUP BY security_id, ticker, from_day) AS t ON s.security_id = t.security_id)
     SELECT nullIf(s.security_id, '') AS security_id,
       if(s.ticker != '', s.ticker, nullIf(i.tickers[1], '')) AS ticker, s.from_day AS from_day, s.to_day AS to_day,
       nullIf(if(s.issuer_id != '', s.issuer_id, i.issuer_id), '') AS issuer_id, nullIf(i.name, '') AS name, i.former_names AS former_names,
       nullIf(arrayStringConcat(arrayMap(one -> substring(one, position(one, ' ') + 1),
         arrayFilter(one -> startsWith(one, concat(ticker, ' ')), i.exchanges)), ', '), '') AS exchange,
       nullIf(i.sic, '') AS sic, nullIf(i.sic_description, '') AS sic_description
     FROM security AS s FULL JOIN issuer AS i ON s.issuer_id = i.issuer_id
     WHERE upper(s.ticker) = upper({search:String}) OR s.security_id = {search:String} OR ({cik:String} != '' AND
         (s.issuer_id = {cik:String} OR i.issuer_id = {cik:String}))
       OR has(i.tickers, upper({search:String}))
       OR (length({search:String}) > 1 AND (positionCaseInsensitiveUTF8(i.name, {search:String}) > 0
         OR arrayExists(one -> positionCaseInsensitiveUTF8(one, {search:String}) > 0, i.former_names)))
     ORDER BY issuer_id, security_id, from_day LIMIT ${mostFound}`,
    { search, cik },
  );
  return rows;
}
