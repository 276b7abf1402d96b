/** A column of a printed table. */
export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Numbers stand right. */
  readonly right?: boolean;
}

/** Rows as aligned text, a line each below a header. */
export function textTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ head }, at) =>
    Math.max(head.length, ...cells.map((row) => row[at]!.length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) =>
        columns[at]!.right ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      .join("  ")
      .trimEnd();
  return [
    line(columns.map(({ head }) => head)),
    line(widths.map((width) => "─".repeat(width))),
    ...cells.map(line),
  ].join("\n");
}
