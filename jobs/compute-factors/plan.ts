import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { companyInputsOf } from "../../shared/factors/company.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import type { ScoreSets } from "../../shared/text/read-signals.ts";
import { textInputsOf } from "../../shared/factors/text-at-sessions.ts";
import { panelKey } from "../../shared/factors/panel/manifest.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { PriceSource } from "../../shared/warehouse/tables/price-sources.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { heldOrigins, originsOf, sourcesInOrder } from "./origins.ts";
import type { FactorUnit } from "./units.ts";

/** What of the factor values is asked for. */
export interface FactorPlanRequest {
  /** Names; all of the library by default. */
  readonly factors?: readonly string[] | undefined;
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** A plan, and the panel that its units are to be computed from. */
export interface FactorPlan extends Plan<FactorUnit> {
  readonly panel: {
    readonly key: string;
    readonly sources: readonly PriceSource[];
    readonly needsMarket: boolean;
    readonly factors: readonly Pick<FactorDefinition, "inputs">[];
    readonly scoreSets: ScoreSets;
  };
}

/**
 * Reads the ledger and what the warehouse holds, and plans; nothing is touched.
 *
 * @throws InvalidInput when there are no prices, or for a factor that the library has not
 */
export async function planFactors(
  { factors: names, from, to, only, newestFirst }: FactorPlanRequest,
  deps: PlanDeps,
): Promise<FactorPlan> {
  const factors = pickFactors(await loadLibrary(), names);
  const warehouse = await deps.warehouse();
  const sources = await sourcesInOrder(warehouse, deps.settings);
  const { origins, bars, prices, scoreSets } = await originsOf(
    warehouse,
    factors,
    from,
    to,
    sources,
    deps.settings,
  );
  const holds = await heldOrigins(warehouse);
  const needsMarket = factors.some(({ inputs }) => inputs.includes("market_return"));
  const companyInputs = [...companyInputsOf(factors), ...textInputsOf(factors)].sort();
  const key = panelKey([prices, to, needsMarket, ...companyInputs]);
  const units = factors.map(({ name, version }) => {
    const { basis } = origins.get(name)!;
    return { factor: name, version, from, to, basis, panel: key };
  });
  const isHeld = ({ factor }: FactorUnit): boolean => holds(origins.get(factor)!);
  const request = { source: "library", units, isHeld, rowsEach: bars, only, newestFirst };
  const plan = await planUnits(dataset, request, deps);
  return {
    ...plan,
    panel: {
      key,
      sources,
      needsMarket,
      factors: factors.map(({ inputs }) => ({ inputs })),
      scoreSets,
    },
  };
}
