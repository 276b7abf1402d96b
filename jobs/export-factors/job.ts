import { basename } from "node:path";
import { byCoverage } from "../../shared/evaluation/coverage.ts";
import { TableFiles, type FileFormat } from "../../shared/lake/table-files.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { exposuresOf } from "../../shared/risk/exposures.ts";
import { riskModel } from "../../shared/risk/risk-model.ts";
import { putExposures } from "../../shared/warehouse/tables/exposures.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";
import { wholeFolder } from "./whole-folder.ts";
import { readInputs } from "./inputs.ts";
import { writeFiles, type Exported } from "./write-files.ts";

export interface ExportArgs {
  /** Factors by name; all that have values on the day where undefined. */
  readonly factors: readonly string[] | undefined;
  /** What was known at the close of this day, or of the last session before it. */
  readonly asOf: TradingDay;
  /** Sessions that the model is estimated over. */
  readonly sessions: number;
  /** The longest autocovariance that counts, sessions; by rule where undefined. */
  readonly lag: number | undefined;
  /** Names that count: a file, or a list of the warehouse as known on each day; all where undefined. */
  readonly universe:
    { readonly file: string; readonly members: readonly Membership[] | undefined } | undefined;
  /** A list of the warehouse whose groups are FIGIs. */
  readonly figi: string | undefined;
  readonly format: FileFormat;
  /** Folder that is made, or takes the place of an earlier export. */
  readonly to: string;
}

export interface ExportReport {
  readonly to: string;
  readonly as_of: TradingDay;
  readonly universe: string;
  readonly factors: readonly { readonly factor: string; readonly version: number }[];
  /** Exported, and not in the model: values for too few names. */
  readonly sparse: readonly string[];
  readonly names: number;
  /** Names with all exposures and a specific risk. */
  readonly complete: number;
  readonly model: {
    /** Sessions with factor returns, first and last. */
    readonly sessions: number;
    readonly from: TradingDay;
    readonly to: TradingDay;
    readonly lag: number;
    readonly shrinkage: number;
    readonly skipped: { readonly few: number; readonly dependent: number };
  };
  readonly files: readonly {
    readonly file: string;
    readonly rows: number;
    readonly sha256: string;
  }[];
  readonly code_version: string;
}

/** What tells one universe from another: a list by its name, a file by its content too. */
const universeName = (universe: ExportArgs["universe"]): string =>
  universe === undefined
    ? "all"
    : universe.members === undefined
      ? universe.file
      : `${basename(universe.file)}-${contentHash(JSON.stringify(universe.members)).slice(0, 8)}`;

/**
 * Exports what a portfolio system takes, as it was known at the close of a day: exposures, factor returns, their covariance, specific
 * risk, universe, and what the columns mean. Exposures go to the warehouse too.
 *
 * @throws InvalidInput for factors without values, and a folder that holds something else
 * @throws Failed where too few sessions allow a model
 */
export async function run(
  args: ExportArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ExportReport> {
  const { to, format, lag } = args;
  const inputs = await readInputs(args, deps, signal);
  const { days, prices } = inputs;
  const task = deps.progress.start("exposures", inputs.factors.length);
  const factors = inputs.factors.map(({ stored, values }) => {
    signal.throwIfAborted();
    task.advance();
    return { name: stored.factor, version: stored.version, values, table: exposuresOf(values) };
  });
  task.end();
  const { factors: dense, sparse } = byCoverage(factors);
  const model = riskModel({
    names: dense.map(({ name }) => name),
    exposures: dense.map(({ table }) => table),
    prices: prices.prices,
    endings: prices.endings,
    lag,
  });
  const universe = universeName(args.universe);
  const { runId } = deps;
  const exported: Exported = { ...inputs, factors, model };
  return wholeFolder(to, async (folder) => {
    await using files = await TableFiles.open(folder, format);
    const written = await writeFiles(exported, files, folder, format, signal);
    const origin = { runId, nowMs: deps.now() };
    const tables = factors.map(({ name, version, table }) => ({ factor: name, version, ...table }));
    await putExposures(deps.warehouse, universe, tables, origin);
    return {
      to,
      as_of: days.at(-1)!,
      universe,
      factors: factors.map(({ name, version }) => ({ factor: name, version })),
      sparse,
      names: written.names,
      complete: written.complete,
      model: {
        sessions: model.returns.days.length,
        from: model.returns.days[0]!,
        to: model.returns.days.at(-1)!,
        lag: model.lag,
        shrinkage: model.shrinkage,
        skipped: model.returns.skipped,
      },
      files: written.files,
      code_version: codeVersion(),
    };
  });
}
