import type { FileColumn } from "../../shared/lake/table-files.ts";

/** What a column holds, for whoever reads the files. */
export interface ColumnWords {
  readonly name: string;
  readonly type: FileColumn["type"];
  /** Empty for what has none. */
  readonly unit: string;
  readonly about: string;
}

const column = (
  name: string,
  type: ColumnWords["type"],
  unit: string,
  about: string,
): ColumnWords => ({ name, type, unit, about });

/** Keys by which a security is joined with what others know of it. */
const keys = [
  column("security_id", "text", "", "Quarry's own, permanent"),
  column("ticker", "text", "", "under which it traded on the day; share classes with a dot"),
  column("cik", "text", "", "EDGAR's number of the issuer, ten digits; missing where not known"),
  column("figi", "text", "", "as the list of FIGIs named it by the day; missing where not known"),
];

/** All files of an export, and their columns in order. */
export const exportFiles = {
  exposures: [
    column("day", "day", "day", "known at this day's close in New York"),
    ...keys,
    column("factor", "text", "", "name of the factor"),
    column("version", "int", "", "version of its definition"),
    column("value", "double", "the factor's own", "value of the factor"),
    column(
      "exposure",
      "double",
      "standard deviations",
      "value as a standard score over the universe's names of the day, brought back to 3 deviations and scored again",
    ),
  ],
  factor_returns: [
    column("day", "day", "day", "session that earned it; known at its close"),
    column("factor", "text", "", "name of the factor; market is the intercept"),
    column(
      "return",
      "double",
      "fraction a day",
      "slope of returns from close to close on the exposures at the close before, ordinary least squares",
    ),
    column("names", "int", "names", "in the day's regression: with all exposures and a return"),
    column("r_squared", "double", "fraction", "share of the names' variation that is explained"),
  ],
  factor_covariance: [
    column("factor", "text", "", "name of the factor, or market"),
    column("other", "text", "", "name of the factor, or market"),
    column(
      "covariance",
      "double",
      "fraction squared a year",
      "of daily factor returns by Newey and West (1987), correlations drawn to zero by Ledoit and Wolf (2004), times 252",
    ),
    column("correlation", "double", "", "the same, scaled"),
  ],
  specific_risk: [
    ...keys,
    column(
      "specific_risk",
      "double",
      "fraction a year",
      "deviation of what the factors leave of its return, by Newey and West, times the root of 252; missing with residuals on less than half of the sessions",
    ),
    column("sessions", "int", "sessions", "with a residual"),
  ],
  universe: [
    column("day", "day", "day", "as of which the export is"),
    ...keys,
    column("factors", "int", "factors", "of the model, to which it has an exposure"),
    column("complete", "bool", "", "true where it has all of them and a specific risk"),
  ],
  dictionary: [
    column("file", "text", "", "name of the file"),
    column("column", "text", "", "name of the column"),
    column("type", "text", "", "text, day, double, int or bool"),
    column("unit", "text", "", "unit"),
    column("about", "text", "", "what it is"),
  ],
} as const satisfies Record<string, readonly ColumnWords[]>;

export type ExportFile = keyof typeof exportFiles;
