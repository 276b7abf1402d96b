import {
  resolve,
  type Resolution,
  securityId,
  type SecurityId,
  type Sighting,
  type TickerSpan,
} from "../../market/security.ts";
import {
  addSecurities,
  addTickerSpans,
  lastSecurityNumber,
  securitiesWithoutTicker,
  tickerSpans,
  type NewSecurity,
} from "../tables/securities.ts";
import type { Warehouse } from "../warehouse.ts";

/** A sighting of a ticker in incoming rows. */
export interface IncomingSighting extends Sighting {
  /** Empty while no source says whose security it is. */
  readonly issuerId: string;
}

/** Which security each ticker is, and what has to be written down for that. */
export interface Identified {
  readonly idOf: ReadonlyMap<string, SecurityId>;
  /** Securities that were never seen before. */
  readonly securities: readonly NewSecurity[];
  /** Spans of tickers that begin or end. */
  readonly spans: readonly TickerSpan[];
}

/**
 * Gives each ticker its security, and plans a new one where none fits. Ids are given in the order of ticker, so that the
 * same input gives the same ids. Nothing is written: see `writeIdentities`.
 *
 * @param sightings one a ticker
 */
export async function identify(
  warehouse: Warehouse,
  source: string,
  sightings: readonly IncomingSighting[],
): Promise<Identified> {
  const spans = Map.groupBy(await tickerSpans(warehouse), ({ ticker }) => ticker);
  let last = await lastSecurityNumber(warehouse);
  const unnamed = await securitiesWithoutTicker(warehouse, source);
  const idOf = new Map<string, SecurityId>();
  const securities: NewSecurity[] = [];
  const changes: TickerSpan[] = [];
  const ordered = [...sightings].sort((a, b) => (a.ticker < b.ticker ? -1 : 1));
  for (const sighting of ordered) {
    const known = spans.get(sighting.ticker) ?? [];
    const begun = unnamed.get(sighting.ticker);
    const resolution = settle(sighting, known, begun ?? securityId(last + 1));
    if ("known" in resolution) {
      const span = resolution.known;
      idOf.set(sighting.ticker, span.securityId);
      if (span.to === undefined && sighting.ended !== undefined) {
        changes.push({ ...span, to: sighting.ended });
      }
      continue;
    }
    const { fresh, closes } = resolution;
    idOf.set(sighting.ticker, fresh.securityId);
    changes.push(fresh, ...(closes ? [closes] : []));
    if (begun !== undefined) continue;
    last++;
    securities.push({
      securityId: fresh.securityId,
      issuerId: sighting.issuerId,
      source,
      symbol: sighting.ticker,
      firstDay: fresh.from,
    });
  }
  return { idOf, securities, spans: changes };
}

/**
 * As `resolve`, but for days before all that are known of a ticker which stood for one company only: where nobody says that
 * they are another's they are that company's. Which of two files is read first must not decide how many there are.
 */
function settle(
  sighting: IncomingSighting,
  spans: readonly TickerSpan[],
  next: SecurityId,
): Resolution {
  const [only, another] = spans;
  const said = sighting.firstTrade !== undefined || sighting.ended !== undefined;
  if (only && !another && !said && only.to === undefined && sighting.to < only.from) {
    return { known: only };
  }
  return resolve(sighting, spans, next);
}

/** Writes down what `identify` planned. */
export async function writeIdentities(
  warehouse: Warehouse,
  { securities, spans }: Identified,
  nowMs: number,
): Promise<void> {
  await addSecurities(warehouse, securities, nowMs);
  await addTickerSpans(warehouse, spans, nowMs);
}
