/** SQL that reads the cells of a file whose columns are named c0, c1, ...; types are those of `inspectTable`. */

/** A cell as Nullable(Float64). */
export function numberCell(type: string, column: string): string {
  return type.includes("String") ? `toFloat64OrNull(trimBoth(${column}))` : `toFloat64(${column})`;
}

/** 1 where a cell holds something that is no finite number and no mark of a missing one. */
export function unreadableCell(type: string, column: string): string {
  const value = numberCell(type, column);
  return type.includes("String")
    ? `(lower(trimBoth(ifNull(${column}, ''))) NOT IN ('', 'null', 'na', 'n/a', '-') AND NOT isFinite(ifNull(${value}, inf)))`
    : `(isNotNull(${column}) AND NOT isFinite(ifNull(${value}, 0)))`;
}

/** A cell as a day: the first ten characters of `2024-01-31 16:00` or eight of `20240131`; 1970-01-01 where it is none. */
export function dayCell(type: string, column: string): string {
  if (type.includes("Date")) return `toDate(ifNull(${column}, 0))`;
  const text = type.includes("Int")
    ? `toString(ifNull(${column}, 0))`
    : `trimBoth(ifNull(${column}, ''))`;
  const dashed = `if(match(${text}, '^[0-9]{8}'), concat(substring(${text}, 1, 4), '-', substring(${text}, 5, 2), '-', substring(${text}, 7, 2)), substring(${text}, 1, 10))`;
  // ClickHouse forgives 2024-02-31; writing the day back and comparing does not.
  return `if(toString(toDateOrZero(${dashed})) = ${dashed}, toDateOrZero(${dashed}), toDate(0))`;
}

/** A cell as text without spaces around it. */
export function textCell(column: string): string {
  return `trimBoth(ifNull(toString(${column}), ''))`;
}
