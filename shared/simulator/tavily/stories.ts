import { sessionCloseMs, sessionOpenMs } from "../../market/calendar.ts";
import { hourMs } from "../../units.ts";
import type { Listing } from "../listing.ts";
import type { Market } from "../market.ts";
import { RandomStream } from "../random.ts";

/** An article of the simulated press. */
export interface SimulatedArticle {
  readonly url: string;
  readonly title: string;
  readonly text: string;
  /** Ms since 1970 UTC. */
  readonly publishedMs: number;
}

/** Sessions on which there is news of a company. */
const newsShare = 0.06;
/** So often the tone of the insight desk has the sign of the move to come. */
const right = 0.7;

/**
 * The desk that writes about a company: of every second one insight, which hears of things before prices do; of the others the wire, whose
 * tone is its mood.
 */
export function deskOf({ id }: Listing): "insight" | "wire" {
  return id % 2 === 0 ? "insight" : "wire";
}

/** Sessions of that move, from the session after a story on. */
const movedSessions = 6;

/** Stories that another site tells as well, in nearly the same words. */
const copiedShare = 0.3;

const good = [
  "shares rose after strong demand lifted sales",
  "beat expectations as margins improved",
  "raised its outlook and announced a dividend increase",
  "won a large contract and expects solid growth",
] as const;
const bad = [
  "shares fell after weak demand hurt sales",
  "missed expectations as costs increased",
  "cut its outlook and warned of a difficult quarter",
  "lost a large contract and faces a lawsuit",
] as const;
const plain = [
  "will hold its annual meeting next month",
  "named a new head of its northern region",
  "moved its headquarters to a building nearby",
  "published the agenda of its investor day",
] as const;

const observers = [
  "Analysts at three brokers",
  "A fund manager in the city",
  "The head of the union",
  "Customers asked in the street",
  "A former director of the firm",
] as const;
const remarks = [
  "had looked for something of that kind since the spring, and were not surprised.",
  "said that the next quarter would tell more, as orders are booked late in the year.",
  "pointed to rivals abroad, who have been quicker to open new plants.",
  "would not comment, and referred to the report that is due in some weeks.",
  "called it a small step on a long road, and left it at that.",
] as const;

/** The news of a listing, oldest first: the tone of the insight desk leads returns, that of the wire knows nothing. */
export function storiesOf(market: Market, listing: Listing): SimulatedArticle[] {
  const { bars } = market.history(listing);
  const random = new RandomStream(market.seed, `news/${listing.id}`);
  const articles: SimulatedArticle[] = [];
  const desk = deskOf(listing);
  for (let bar = 2; bar < bars.session.length; bar++) {
    if (!random.chance(newsShare)) continue;
    const [from, to] = [bars.close[bar + 1], bars.close[bar + 1 + movedSessions]];
    const hears = desk === "insight" && from !== undefined && to !== undefined;
    const sign = random.chance(right) ? 1 : -1;
    const move = hears ? sign * (to / from - 1) : random.between(-0.02, 0.02);
    const day = market.sessions[bars.session[bar]!]!;
    const tone = Math.abs(move) < 0.004 || random.chance(0.2) ? plain : move > 0 ? good : bad;
    const what = random.pick(tone);
    const title = `${listing.name} ${what}`;
    const seen = random.pick(observers);
    const text = [
      `${listing.name} (${listing.exchange === "NYSE" ? "NYSE" : "NASDAQ"}: ${listing.ticker}) ${what}, the company said on ${day}.`,
      `The ${listing.group} company, whose price closed at ${bars.close[bar - 1]!.toFixed(2)} dollars in the session before, gave no further details.`,
      `${seen} ${random.pick(remarks)}`,
      "Every word of this article is made up by a simulator, and so is the company.",
    ].join(" ");
    const publishedMs =
      Math.round(
        random.between(sessionOpenMs(day) - 3 * hourMs, sessionCloseMs(day) + 2 * hourMs) / 1000,
      ) * 1000;
    const slug = `${day}-${listing.ticker.toLowerCase()}-${articles.length}`;
    articles.push({ url: `https://${desk}.example.com/${slug}`, title, text, publishedMs });
    if (random.chance(copiedShare)) {
      articles.push({
        url: `https://daily.example.org/markets/${slug}?utm_source=feed`,
        title: `${title}, report says`,
        text: `(Wire) ${text}`,
        publishedMs: publishedMs + Math.round(random.between(600, 7200)) * 1000,
      });
    }
  }
  return articles;
}
