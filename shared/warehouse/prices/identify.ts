import {
  resolve,
  securityId,
  type SecurityId,
  type Sighting,
  type TickerSpan,
} from "../../market/security.ts";
import {
  addSecurities,
  addTickerSpans,
  lastSecurityNumber,
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
  const idOf = new Map<string, SecurityId>();
  const securities: NewSecurity[] = [];
  const changes: TickerSpan[] = [];
  const ordered = [...sightings].sort((a, b) => (a.ticker < b.ticker ? -1 : 1));
  for (const sighting of ordered) {
    const known = spans.get(sighting.ticker) ?? [];
    const resolution = resolve(sighting, known, securityId(last + 1));
    if ("known" in resolution) {
      const span = resolution.known;
      idOf.set(sighting.ticker, span.securityId);
      if (span.to === undefined && sighting.ended !== undefined) {
        changes.push({ ...span, to: sighting.ended });
      }
      continue;
    }
    last++;
    const { fresh, closes } = resolution;
    idOf.set(sighting.ticker, fresh.securityId);
    changes.push(fresh, ...(closes ? [closes] : []));
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

/** Writes down what `identify` planned. */
export async function writeIdentities(
  warehouse: Warehouse,
  { securities, spans }: Identified,
  nowMs: number,
): Promise<void> {
  await addSecurities(warehouse, securities, nowMs);
  await addTickerSpans(warehouse, spans, nowMs);
}
