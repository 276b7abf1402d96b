import type { FalseDiscovery } from "../result.ts";
import { plural } from "../../units.ts";
import { inSessions, listOf, sessions } from "./horizons.ts";
import { asRatio, formatLevel, formatNumber } from "./number-format.ts";
import { icAt, portfolioAt, type SheetView } from "./sheet-view.ts";

/** How a factor stands. */
export type Standing = "passes" | "passes-some" | "passes-wrong-sign" | "fails" | "undefined";

/** What the verdict is made of; a table of these is a table of its cases. */
export interface VerdictFacts {
  readonly horizons: readonly number[];
  /** Horizons at which a test exists. */
  readonly tested: readonly number[];
  /** Horizons that passed. */
  readonly passed: readonly number[];
  /** The horizon that the page stands on. */
  readonly primary: number;
  readonly fdr: Pick<FalseDiscovery, "q" | "trials" | "trials_from">;
  /** Declared before the test; undefined for an own signal. */
  readonly expectedSign: 1 | -1 | undefined;
  /** Sign of the mean coefficient at the horizons that passed, else at the primary one; 0 where they disagree. */
  readonly foundSign: 1 | 0 | -1;
  /** At the primary horizon, in the traded direction. */
  readonly grossSharpe: number | null;
  readonly netSharpe: number | null;
  readonly costBps: number;
}

/** Where the factor stands, and the sentence that says so. */
export interface Verdict {
  readonly standing: Standing;
  /** A few words for a chip. */
  readonly label: string;
  readonly sentence: string;
}

/** Judges from the facts alone. */
export function verdictOf(facts: VerdictFacts): Verdict {
  const { horizons, tested, passed, expectedSign, foundSign } = facts;
  if (tested.length === 0) {
    return {
      standing: "undefined",
      label: "Undefined",
      sentence:
        "Nothing can be said: the test is undefined at every horizon, for the reasons noted below.",
    };
  }
  const wrong = expectedSign !== undefined && foundSign !== expectedSign;
  const sentence = `${[control(facts), sign(facts), cost(facts)].join("; ")}.`;
  if (passed.length === 0) return { standing: "fails", label: "Does not pass", sentence };
  if (wrong) {
    const label = foundSign === 0 ? "Passes, mixed sign" : "Passes, wrong sign";
    return { standing: "passes-wrong-sign", label, sentence };
  }
  if (passed.length === horizons.length) return { standing: "passes", label: "Passes", sentence };
  const label = `Passes ${passed.length} of ${horizons.length}`;
  return { standing: "passes-some", label, sentence };
}

/** The facts of a sheet. */
export function factsOf(view: SheetView): VerdictFacts {
  const { result, horizons, primary, sheet } = view;
  const passed = horizons.filter((horizon) => result.fdr.rejected[String(horizon)] === true);
  const signs = new Set(
    (passed.length > 0 ? passed : [primary]).map((horizon) =>
      Math.sign(icAt(result, horizon).mean ?? 0),
    ),
  );
  const [sign] = signs;
  const { grossSharpe, netSharpe, costBps } = portfolioAt(view, primary);
  return {
    horizons,
    tested: horizons.filter((horizon) => icAt(result, horizon).p_hac !== null),
    passed,
    primary,
    fdr: result.fdr,
    expectedSign: sheet.words?.sign,
    foundSign: signs.size === 1 ? (sign as 1 | 0 | -1) : 0,
    grossSharpe,
    netSharpe,
    costBps,
  };
}

/** `56 trials counted in the warehouse`. */
export function trialsCounted({
  trials,
  trials_from,
}: Pick<FalseDiscovery, "trials" | "trials_from">): string {
  if (trials_from === "warehouse") return `${plural(trials, "trial")} recorded in the warehouse`;
  if (trials_from === "--trials") return `${plural(trials, "trial")}, the number given by --trials`;
  return `${plural(trials, "trial")}, this run’s only, so that earlier attempts are not counted`;
}

function control({ horizons, passed, fdr }: VerdictFacts): string {
  const rest = horizons.filter((horizon) => !passed.includes(horizon));
  const among = `false-discovery control (${formatLevel(fdr.q)}) among ${trialsCounted(fdr)}`;
  if (passed.length === 0) {
    const where = horizons.length === 1 ? sessions(horizons[0]!) : "any horizon";
    return `Does not pass at ${where} under ${among}: what it shows can’t be told from luck`;
  }
  if (rest.length === 0) {
    const where =
      horizons.length === 1 ? sessions(horizons[0]!) : `all ${horizons.length} horizons`;
    return `Passes at ${where} under ${among}`;
  }
  return `Passes at ${inSessions(passed)}, but not at ${listOf(rest)}, under ${among}`;
}

function sign({ expectedSign, foundSign }: VerdictFacts): string {
  const found =
    foundSign === 0
      ? "the sign is not the same everywhere"
      : `high values earned ${foundSign > 0 ? "more" : "less"}`;
  if (expectedSign === undefined) return `${found}, and no sign was declared beforehand`;
  if (foundSign === 0) return `${found}, where ${expectedSign > 0 ? "plus" : "minus"} was expected`;
  return `${found}, ${foundSign === expectedSign ? "as expected" : "the opposite of what was expected"}`;
}

function cost({ grossSharpe, netSharpe, costBps, primary }: VerdictFacts): string {
  const holding = `held ${sessions(primary)}`;
  if (netSharpe === null || grossSharpe === null)
    return `its portfolio ${holding} has no Sharpe ratio`;
  const net = `Sharpe ratio ${formatNumber(netSharpe, asRatio)} net, ${formatNumber(grossSharpe, asRatio)} gross`;
  const verdict =
    grossSharpe <= 0 ? "loses before cost" : netSharpe > 0 ? "survives" : "does not survive";
  return `${holding}, it ${verdict}${grossSharpe <= 0 ? "" : ` a cost of ${costBps} bp a side`} (${net})`;
}
