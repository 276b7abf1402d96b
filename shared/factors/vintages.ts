import type { CorporateAction } from "../market/adjustment.ts";
import { sessionCloseMs, sessionOpenMs } from "../market/calendar.ts";
import { fromDayNumber } from "../market/trading-day.ts";
import type { SecurityAction } from "../warehouse/tables/corporate-actions.ts";
import { revised, type BarRevision, type SecurityBars } from "../warehouse/prices/read-bars.ts";
import type { Axis } from "./series.ts";

/** What was known of a security's past during some sessions. */
export interface Vintage {
  readonly bars: SecurityBars;
  readonly actions: readonly CorporateAction[];
  /** Position of the first session at whose close this was known. */
  readonly from: number;
}

/**
 * A security's past as it was known over time. A bar that was corrected, or an action that came to light late, changes
 * the past from the session on at which it became known, and no value before it. Nearly every security has one vintage.
 *
 * @param revisions of this security, in the order in which they became known
 * @returns ascending by `from`; the first begins at 0
 */
export function vintagesOf(
  bars: SecurityBars,
  actions: readonly SecurityAction[],
  revisions: readonly BarRevision[],
  axis: Axis,
): Vintage[] {
  const late = (action: SecurityAction): boolean =>
    action.kind !== "delisting" && action.knownMs > sessionOpenMs(action.exDate);
  const onTime = actions.filter((action) => !late(action));
  const changes = [...actions.filter(late), ...revisions].map(({ knownMs }) => knownMs);
  const vintages: Vintage[] = [{ bars, actions: onTime, from: 0 }];
  for (const knownMs of [...new Set(changes)].sort((a, b) => a - b)) {
    const from = axis.days.findIndex((day) => sessionCloseMs(fromDayNumber(day)) >= knownMs);
    if (from < 0) break;
    const vintage = {
      bars: revised(
        bars,
        revisions.filter((revision) => revision.knownMs <= knownMs),
      ),
      actions: actions.filter((action) => !late(action) || action.knownMs <= knownMs),
      from,
    };
    if (from === vintages.at(-1)!.from) vintages.pop();
    vintages.push(vintage);
  }
  return vintages;
}
