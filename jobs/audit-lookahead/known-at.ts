import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** A rule that times must keep, and the rows that break it. */
export interface TimeRule {
  readonly rule: string;
  readonly rows: number;
  readonly broken: number;
  /** The first rows that break it, as JSON; a few. */
  readonly examples: readonly string[];
}

/** How long after the end of its period something became known. */
export interface LagBucket {
  readonly source: string;
  readonly kind: string;
  readonly lag: string;
  readonly rows: number;
}

export interface KnownAtAudit {
  readonly rules: readonly TimeRule[];
  readonly lags: readonly LagBucket[];
  /** Filings that were known within a day of the end of what they report: right for few, so they are listed. */
  readonly soon: { readonly filings: number; readonly examples: readonly string[] };
  /** Rows without a time that can be told; no factor reads them. */
  readonly undated: number;
  readonly broken: number;
}

const examplesShown = 5;

/** 06:00 in New York of a filing's day, from which it could be read at the earliest. */
const opens = "toDateTime(filed, 'America/New_York') + INTERVAL 6 HOUR";

const rules: readonly { readonly rule: string; readonly table: string; readonly breaks: string }[] =
  [
    {
      rule: "a filing is known from 06:00 in New York of its filing day, or later",
      table: "filings",
      breaks: `known_at < ${opens}`,
    },
    {
      rule: "a filing whose acceptance nobody tells is known at the end of its filing day",
      table: "filings",
      breaks:
        "known_by != 'acceptance' AND known_at < toDateTime(filed, 'America/New_York') + INTERVAL 86399 SECOND",
    },
    {
      // What was filed on paper is accepted weeks later, and has no facts.
      rule: "a filing with facts is known within four days of its filing day: a later time hides it from those who had it",
      table:
        "(SELECT * FROM filings WHERE (issuer_id, accession) IN (SELECT issuer_id, accession FROM facts))",
      breaks: "known_at > toDateTime(filed, 'America/New_York') + INTERVAL 4 DAY",
    },
    {
      rule: "a bar is known from the close of its session",
      table: `(SELECT b.*, s.close_at AS close_at FROM bars AS b
       INNER JOIN (SELECT day, max(close_at) AS close_at FROM sessions GROUP BY day) AS s ON b.day = s.day)`,
      breaks: "known_at < close_at",
    },
    {
      rule: "a corrected bar is known from when the correction was seen",
      table: "bars",
      breaks: "revision > 0 AND known_at < ingested_at - INTERVAL 1 HOUR",
    },
    {
      rule: "a split or distribution is known from 09:30 in New York of its ex-date, or later",
      table: "corporate_actions",
      breaks:
        "kind != 'delisting' AND known_at < toDateTime(ex_date, 'America/New_York') + INTERVAL 570 MINUTE",
    },
    {
      rule: "a ticker is known from 09:30 in New York of its first day, or later",
      table: "tickers",
      breaks: "known_at < toDateTime(from_day, 'America/New_York') + INTERVAL 570 MINUTE",
    },
    {
      rule: "a change of a list is known within 400 days before it takes effect, or later",
      table: "memberships",
      breaks: "known_at < toDateTime(day, 'America/New_York') - INTERVAL 400 DAY",
    },
    {
      // Nobody's universe and nobody's sectors stand still for years: those of today were taken for those of then.
      rule: "in a list of 50 tickers or more that goes back three years, some ticker left or moved",
      table: `(SELECT list, min(known_at) AS known_at, count() AS tickers, max(changes) AS changes, (SELECT max(day) FROM bars) AS last_bar
         FROM (SELECT list, ticker, min(known_at) AS known_at, uniqExact(day) AS changes FROM memberships GROUP BY list, ticker) GROUP BY list)`,
      breaks: "tickers >= 50 AND changes = 1 AND addYears(toDate(known_at), 3) < last_bar",
    },
    {
      rule: "an article is known from its publication, an undated one from when it was seen first",
      table: "articles",
      breaks: "known_at < ifNull(published_at, first_seen)",
    },
    {
      rule: "that an article is about a security is known since the article is",
      table: `(SELECT l.*, a.at AS at FROM article_links AS l
       INNER JOIN (SELECT article_id, min(known_at) AS at FROM articles GROUP BY article_id) AS a ON l.article_id = a.article_id)`,
      breaks: "known_at < at",
    },
    {
      rule: "a score of an article is known since the article is",
      table: `(SELECT s.*, a.at AS at FROM scores AS s
       INNER JOIN (SELECT article_id, min(known_at) AS at FROM articles GROUP BY article_id) AS a ON s.subject = a.article_id)`,
      breaks: "known_at < at",
    },
    {
      rule: "what was made of a filing's text is known since the filing is",
      table: `(SELECT s.*, f.at AS at FROM text_signals AS s
       INNER JOIN (SELECT issuer_id, accession, argMax(known_at, rank) AS at FROM filings GROUP BY issuer_id, accession) AS f
       ON s.subject = f.issuer_id AND s.document = f.accession)`,
      breaks: "known_at < at",
    },
    {
      rule: "a report is known from the day after its period's end, or later",
      table: "reports",
      breaks: "known_at < toDateTime(period_end, 'America/New_York') + INTERVAL 1 DAY",
    },
    {
      rule: "an industry, a ticker or an exchange of a company is known since it was first seen",
      table: "issuer_attributes",
      breaks: "attribute != 'name' AND known_at < ingested_at - INTERVAL 7 DAY",
    },
  ];

/** Audits the times that everything else trusts. */
export async function auditKnownAt(warehouse: Warehouse): Promise<KnownAtAudit> {
  const checked: TimeRule[] = [];
  for (const { rule, table, breaks } of rules) {
    const [count] = await warehouse.rows<{ rows: number; broken: number }>(
      `SELECT count() AS rows, countIf(${breaks}) AS broken FROM ${table}`,
    );
    const examples =
      count!.broken === 0
        ? []
        : await warehouse.rows<{ row: string }>(
            `SELECT formatRow('JSONEachRow', *) AS row FROM ${table} WHERE ${breaks} ORDER BY known_at LIMIT ${examplesShown}`,
          );
    checked.push({ rule, ...count!, examples: examples.map(({ row }) => row.trim()) });
  }
  const lags = await warehouse.rows<LagBucket>(
    `SELECT source, kind, lag, rows FROM (
       SELECT source, concat(form, ' by ', known_by) AS kind,
         dateDiff('day', ended, known_at) AS days,
         multiIf(days < 0, '0: before its end', days < 2, '1: a day', days < 30, '2: under 30 days', days < 45, '3: 30 to 44 days',
           days < 60, '4: 45 to 59 days', days < 91, '5: 60 to 90 days', days < 181, '6: 91 to 180 days', '7: over 180 days') AS lag,
         count() AS rows
       FROM (
         SELECT f.source AS source, f.form AS form, f.known_by AS known_by, f.known_at AS known_at, toDateTime(ifNull(f.period_end, p.ended), 'UTC') AS ended
         FROM (SELECT source, issuer_id, accession, argMax(form, rank) AS form, argMax(known_by, rank) AS known_by,
                 argMax(known_at, rank) AS known_at, argMax(period_end, rank) AS period_end FROM filings GROUP BY source, issuer_id, accession) AS f
         INNER JOIN (SELECT issuer_id, accession, maxIf(period_end, taxonomy != 'dei') AS ended FROM facts GROUP BY issuer_id, accession) AS p
           ON f.issuer_id = p.issuer_id AND f.accession = p.accession)
       GROUP BY source, kind, days)
     ORDER BY source, kind, lag`,
  );
  const soon = await warehouse.rows<{ row: string }>(
    `SELECT concat(issuer_id, ' ', accession, ' ', form, ': a period to ', toString(ended), ', known at ', toString(known_at)) AS row FROM (
       SELECT f.issuer_id AS issuer_id, f.accession AS accession, f.form AS form, f.known_at AS known_at, p.ended AS ended
       FROM (SELECT issuer_id, accession, argMax(form, rank) AS form, argMax(known_at, rank) AS known_at FROM filings GROUP BY issuer_id, accession) AS f
       INNER JOIN (SELECT issuer_id, accession, maxIf(period_end, taxonomy != 'dei') AS ended FROM facts GROUP BY issuer_id, accession) AS p
         ON f.issuer_id = p.issuer_id AND f.accession = p.accession)
     WHERE known_at < toDateTime(ended, 'UTC') + INTERVAL 2 DAY ORDER BY known_at`,
  );
  const [undated] = await warehouse.rows<{ rows: number }>(
    "SELECT count() AS rows FROM facts WHERE (issuer_id, accession) NOT IN (SELECT issuer_id, accession FROM filings)",
  );
  return {
    rules: checked,
    lags: together(lags),
    soon: { filings: soon.length, examples: soon.slice(0, 20).map(({ row }) => row) },
    undated: undated!.rows,
    broken: checked.reduce((sum, { broken }) => sum + broken, 0),
  };
}

/** Buckets of one name as one. */
function together(buckets: readonly LagBucket[]): LagBucket[] {
  const groups = Map.groupBy(buckets, ({ source, kind, lag }) => `${source}\n${kind}\n${lag}`);
  return [...groups.values()].map((own) => ({
    ...own[0]!,
    lag: own[0]!.lag.slice(3),
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
  }));
}
