import type { TradingDay } from "../market/trading-day.ts";
import { writeBars } from "./bars.ts";
import { drawClimate, type Climate } from "./climate.ts";
import { CorporateActions } from "./corporate-actions.ts";
import { drawHalts } from "./halts.ts";
import type { History } from "./history.ts";
import type { Plan } from "./listing.ts";
import type { PlantedRho } from "./plants.ts";
import { RandomStream } from "./random.ts";
import { fillReturns } from "./returns.ts";
import { drawPremium } from "./share-class.ts";

/** Makes histories in one market; owns what they share and the scratch memory. */
export class Historian {
  readonly #seed: number;
  readonly #sessions: readonly TradingDay[];
  readonly #rho: PlantedRho;
  readonly #haltsPerYear: number;
  readonly #climate: Climate;
  readonly #returns: Float64Array;
  readonly #shocks: Float64Array;

  constructor(
    seed: number,
    sessions: readonly TradingDay[],
    rho: PlantedRho,
    haltsPerYear: number,
  ) {
    this.#seed = seed;
    this.#sessions = sessions;
    this.#rho = rho;
    this.#haltsPerYear = haltsPerYear;
    this.#climate = drawClimate(seed, sessions.length);
    this.#returns = new Float64Array(sessions.length);
    this.#shocks = new Float64Array(sessions.length);
  }

  /** Makes the history of one listing. All chance is in streams of the company's or the listing's own. */
  history(plan: Plan): History {
    const { company, companyIndex, first, listing, secondClass } = plan;
    const seed = this.#seed;
    const count = plan.last - first + 1;
    fillReturns(seed, plan, this.#climate, this.#rho, this.#returns, this.#shocks);
    const decisions = new RandomStream(seed, `actions/${companyIndex}`);
    const actions = new CorporateActions(company, decisions, this.#sessions, first);
    const tape = {
      company,
      first,
      count,
      halted: drawHalts(seed, companyIndex, count, this.#haltsPerYear),
      level: this.#climate.level.subarray(first),
      returns: this.#returns,
      premium: secondClass ? drawPremium(seed, listing.id, count) : undefined,
      stream: new RandomStream(seed, `bars/${listing.id}`),
    };
    return {
      bars: writeBars(tape, actions),
      splits: actions.splits,
      dividends: actions.dividends,
    };
  }
}
