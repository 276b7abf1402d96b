import { z } from "zod";
import { InvalidInput, SourceUnavailable } from "../shared/errors.ts";
import { lastClosedSession } from "../shared/market/calendar.ts";
import { newYorkDay } from "../shared/market/new-york.ts";
import { addDays, isTradingDay, type TradingDay } from "../shared/market/trading-day.ts";
import { bases } from "../shared/warehouse/tables/price-sources.ts";
import { tickerSpans } from "../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../shared/warehouse/warehouse.ts";
import type { Deps } from "./deps.ts";

/** A job by the name that schedules and inboxes call it. */
export interface RegisteredJob {
  /**
   * Runs it.
   *
   * @param args as a schedule wrote them
   * @param enough aborted when no new unit may be begun
   * @throws InvalidInput, or whatever the job throws
   */
  run(args: unknown, deps: Deps, signal: AbortSignal, enough: AbortSignal): Promise<object>;
}

/**
 * Runs a job of the registry.
 *
 * @throws InvalidInput for a name that no job has, and for arguments that it can't read
 */
export async function runRegistered(
  name: string,
  args: unknown,
  deps: Deps,
  signal: AbortSignal,
  enough: AbortSignal,
): Promise<object> {
  const job = registry[name];
  if (job === undefined) {
    throw new InvalidInput(`Expected one of ${Object.keys(registry).join(", ")}, got "${name}".`);
  }
  try {
    return await job.run(args, deps, signal, enough);
  } catch (thrown) {
    if (!(thrown instanceof z.ZodError)) throw thrown;
    const [issue] = thrown.issues;
    throw new InvalidInput(`${name}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`, {
      cause: thrown,
    });
  }
}

/**
 * A day as schedules write it: `YYYY-MM-DD`, `today`, `session` (the last one that is closed), or so many days before today
 * as `-10d`.
 */
export function dayOf(text: string, nowMs: number): TradingDay | undefined {
  if (isTradingDay(text)) return text;
  const today = newYorkDay(nowMs);
  if (text === "today") return today;
  if (text === "session") return lastClosedSession(nowMs);
  const ago = /^-(\d{1,5})d$/.exec(text)?.[1];
  return ago === undefined ? undefined : addDays(today, -Number(ago));
}

const days = (nowMs: number) =>
  z.string().transform((text, context) => {
    const day = dayOf(text, nowMs);
    if (day !== undefined) return day;
    context.addIssue(`expected YYYY-MM-DD, today, session or -10d, got "${text}"`);
    return z.NEVER;
  });

/** The tickers of securities that trade on, as the warehouse knows them. */
async function tradingTickers(warehouse: Warehouse): Promise<string[]> {
  const spans = await tickerSpans(warehouse);
  return [...new Set(spans.flatMap(({ ticker, to }) => (to === undefined ? [ticker] : [])))].sort();
}

const lossBudget = z.number().min(0).max(1).default(0.01);

/** All jobs that run without somebody who types. */
export const registry: Readonly<Record<string, RegisteredJob>> = {
  "backfill prices": {
    async run(args, deps, signal, enough) {
      const day = days(deps.now());
      const { tickers, from, to } = z
        .object({ tickers: z.array(z.string()).min(1).optional(), from: day, to: day })
        .parse(args);
      const [{ run }, { buyAlone }, { dataset }, { listingsOf }] = await Promise.all([
        import("./backfill-prices/job.ts"),
        import("../shared/backfill/buy-here.ts"),
        import("./backfill-prices/dataset.ts"),
        import("./commands/flags.ts"),
      ]);
      // Without a list: all that the warehouse holds and that still trade.
      const listings = await listingsOf(
        tickers ?? (await tradingTickers(deps.warehouse)),
        undefined,
      );
      const request = { listings, from, to };
      return run(
        { ...request, source: "yahoo", lossBudget: 0.01 },
        {
          ...deps,
          buy: (plan, stop) => buyAlone(dataset, plan, { ...deps, enough }, stop, 1),
        },
        signal,
      );
    },
  },

  "backfill facts": {
    async run(args, deps, signal, enough) {
      const day = days(deps.now());
      const { since, tickers } = z
        .object({ since: day.optional(), tickers: z.array(z.string()).min(1).optional() })
        .parse(args);
      const [{ run }, { buyAlone }, { dataset }] = await Promise.all([
        import("./backfill-facts/job.ts"),
        import("../shared/backfill/buy-here.ts"),
        import("./backfill-facts/dataset.ts"),
      ]);
      const companies = tickers?.map((name) => ({ name, issuer: undefined }));
      const request = {
        source: "edgar",
        companies,
        since,
        bulk: undefined,
        submissions: undefined,
      };
      return run(
        request,
        {
          ...deps,
          buy: (plan, stop) => buyAlone(dataset, plan, { ...deps, enough }, stop, 1),
        },
        signal,
      );
    },
  },

  "daily news": {
    async run(args, deps, signal, enough) {
      const { days: back, tickers } = z
        .object({
          days: z.number().int().min(1).max(365).default(3),
          tickers: z.array(z.string()).min(1).optional(),
        })
        .parse(args);
      const [{ run }, { buyAlone }, { dataset }, score] = await Promise.all([
        import("./backfill-news/job.ts"),
        import("../shared/backfill/buy-here.ts"),
        import("./backfill-news/dataset.ts"),
        import("./score-news/job.ts"),
      ]);
      const asked = tickers ?? (await tradingTickers(deps.warehouse));
      const news = await run(
        { source: "tavily", tickers: asked, days: back, topics: ["news"] },
        { ...deps, buy: (plan, stop) => buyAlone(dataset, plan, { ...deps, enough }, stop, 1) },
        signal,
      );
      const scores = await score.run(
        {
          provider: undefined,
          model: undefined,
          // What was bought is not looked up again day by day; a week more for what could not be.
          from: addDays(newYorkDay(deps.now()), -(back + 7)),
          to: undefined,
          tickers: undefined,
          prompt: undefined,
          budgetUsd: undefined,
          concurrency: 16,
        },
        deps,
        signal,
      );
      return { ...news, scores };
    },
  },

  "read report": {
    async run(args, deps, signal) {
      const day = days(deps.now());
      const { path, file, identity, came } = z
        .object({
          path: z.string(),
          file: z.string(),
          came: z.iso.datetime().optional(),
          identity: z
            .object({ ticker: z.string(), periodEnd: day, published: day.optional() })
            .optional(),
        })
        .parse(args);
      const { run, failureOf } = await import("./read-report/job.ts");
      const report = await run(
        {
          provider: undefined,
          model: undefined,
          path,
          file,
          cameMs: came === undefined ? undefined : Date.parse(came),
          identity: identity && { ...identity, published: identity.published },
        },
        deps,
        signal,
      );
      // What can be mended by another try is one; what can't is told, and stands in the table.
      const failure = failureOf(report);
      if (failure instanceof SourceUnavailable) throw failure;
      return report;
    },
  },

  "import prices": {
    async run(args, deps, signal) {
      const schema = z.object({
        files: z.array(z.string()).min(1),
        source: z.string(),
        basis: z.enum(bases),
        lossBudget,
      });
      const { run } = await import("./import-prices/job.ts");
      return run(schema.parse(args), deps, signal);
    },
  },

  compute: {
    async run(args, deps, signal) {
      const day = days(deps.now());
      const schema = z.object({ factors: z.array(z.string()).optional(), from: day, to: day });
      const { factors, from, to } = schema.parse(args);
      const [{ run }, { loadLibrary, pickFactors }] = await Promise.all([
        import("./compute-factors/job.ts"),
        import("../shared/factors/load-library.ts"),
      ]);
      return run({ factors: pickFactors(await loadLibrary(), factors), from, to }, deps, signal);
    },
  },
};
