import type { Filters } from "../../shared/evaluation/filters.ts";
import type { DayTable, Endings, EvaluationInput } from "../../shared/evaluation/tables.ts";
import type { FactorWords } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";

/** One factor, to be loaded when its turn comes: tables are large. */
export interface PreparedFactor {
  readonly name: string;
  /** Version of a library factor, hash of the values of an own signal. */
  readonly version: string;
  readonly words: FactorWords | undefined;
  /** Over the columns of the prices. */
  load(): Promise<DayTable>;
}

/** All that an evaluation reads, from the warehouse or from files. */
export interface Prepared {
  readonly prices: DayTable;
  readonly factors: readonly PreparedFactor[];
  readonly endings: Endings | undefined;
  readonly groups: EvaluationInput["groups"];
  readonly filters: Filters;
  /** The ticker of a column on a day. */
  readonly tickersOf: (column: number, day: string) => string;
  /** Market value by day and column; undefined where nobody knows it. */
  readonly marketCaps: DayTable | undefined;
  /** Where prices come from, for people. */
  readonly label: string;
  /** Sources in the order in which they were read; the files of an own signal. */
  readonly sources: readonly string[];
  /** True when any price was simulated. */
  readonly simulated: boolean;
}
