import { lastClosedSession, sessionCloseMs, sessions } from "./calendar.ts";
import { newYorkInstant } from "./new-york.ts";
import { addDays, laterDay, type TradingDay } from "./trading-day.ts";
import { comparable, type Membership } from "./universe.ts";

/** A ticker comes into a list, changes its group, or leaves. */
export interface MembershipChange {
  /** As `comparable` writes it. */
  readonly ticker: string;
  /** From this day on. */
  readonly day: TradingDay;
  /** The group, the list's name where it has no groups, empty for one that left. */
  readonly memberOf: string;
  /** Ms since 1970 UTC. */
  readonly knownAtMs: number;
}

/** Nothing is told of earlier days. */
const calendarStart = "1970-01-05" as TradingDay;

/**
 * The changes that lines of a file stand for.
 *
 * A change is known when the file says so (a day means its end), and else from the day on which it took effect: whoever keeps a
 * list announces before. A line without a start says only that the ticker is in the list now, and is known from `nowMs` on.
 */
export function changesOf(
  memberships: readonly Membership[],
  { list, nowMs }: { readonly list: string; readonly nowMs: number },
): MembershipChange[] {
  const today = lastClosedSession(nowMs);
  const starts = new Set(
    memberships.map(({ ticker, start }) => `${comparable(ticker)} ${start ?? ""}`),
  );
  return memberships.flatMap(({ ticker: written, start, end, group, knownAt }) => {
    const ticker = comparable(written);
    const told = knownAt === undefined ? undefined : newYorkInstant(addDays(knownAt, 1), 0);
    const day = laterDay(start ?? knownAt ?? today, calendarStart);
    const from = told ?? (start === undefined ? nowMs : newYorkInstant(day, 0));
    const entry = { ticker, day, memberOf: group ?? list, knownAtMs: from };
    if (end === undefined) return [entry];
    const out = laterDay(addDays(end, 1), calendarStart);
    // One that goes from group to group does not leave in between.
    if (starts.has(`${ticker} ${out}`)) return [entry];
    const knownAtMs = Math.max(from, newYorkInstant(out, 0));
    return [entry, { ticker, day: out, memberOf: "", knownAtMs }];
  });
}

/**
 * The stretches of days on which tickers are in a list, as one saw it at the close of each of these days: of the changes that
 * were known by then and had taken effect, the one with the latest day counts, and of several the one known last.
 *
 * @returns one a stretch, by ticker and day, with its group
 */
export function spansAsKnown(changes: readonly MembershipChange[]): Membership[] {
  return [...Map.groupBy(changes, ({ ticker }) => ticker)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => spansOf(own));
}

function spansOf(changes: readonly MembershipChange[]): Membership[] {
  const effective = changes
    .map((change) => ({ ...change, from: takesEffect(change) }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const spans: Membership[] = [];
  let current: (typeof effective)[number] | undefined;
  let open: TradingDay | undefined;
  const close = (end: TradingDay | undefined): void => {
    if (open === undefined || !current || current.memberOf === "") return;
    if (end !== undefined && end < open) return;
    const { ticker, memberOf } = current;
    const unknown = { name: undefined, issuer: undefined, delistingReturn: NaN };
    spans.push({ ticker, start: open, end, group: memberOf, ...unknown });
  };
  for (const change of effective) {
    if (current && !isAfter(change, current)) continue;
    if (current?.memberOf !== change.memberOf) {
      close(addDays(change.from, -1));
      open = change.from;
    }
    current = change;
  }
  close(undefined);
  return spans;
}

/** True when a change tells of a later day than another, or of the same and was known later. */
function isAfter(a: MembershipChange, b: MembershipChange): boolean {
  return a.day === b.day ? a.knownAtMs >= b.knownAtMs : a.day > b.day;
}

/** The first day on which a change was true and known: one that was known before its day from that day on, else a session. */
function takesEffect({ day, knownAtMs }: MembershipChange): TradingDay {
  return knownAtMs <= newYorkInstant(day, 0) ? day : laterDay(day, firstSeen(knownAtMs));
}

/** The first session at whose close something was known. */
function firstSeen(knownAtMs: number): TradingDay {
  const last = lastClosedSession(knownAtMs);
  if (sessionCloseMs(last) === knownAtMs) return last;
  return sessions(addDays(last, 1), addDays(last, 10))[0]!;
}
