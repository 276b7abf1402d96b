import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Context } from "mocha";

const folder = new URL("../../../../shared/data/F_reference/", import.meta.url);

/** The text of a recorded file under `../shared/data/F_reference`; the test is pending where it is not there. */
export function recordedText(test: Context, path: string): string {
  const url = new URL(path, folder);
  if (!existsSync(url)) {
    test.skip();
  }
  const bytes = readFileSync(url);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** A frame or series as those libraries' values were captured; NaN is null. */
export interface Captured<Cell = number | null> {
  readonly _type: string;
  readonly index: readonly (string | readonly [string, string | number])[];
  readonly columns?: readonly string[];
  readonly data: readonly (Cell | readonly Cell[])[];
}

/** One call of a function while a library's own test suite passed. */
export interface CapturedCall<Inputs, Output> {
  readonly test: string;
  readonly inputs: Inputs;
  readonly output: Output;
}

/** The captured calls of a function. */
export function capturedCalls<Inputs, Output>(
  test: Context,
  path: string,
): CapturedCall<Inputs, Output>[] {
  return JSON.parse(recordedText(test, path)) as CapturedCall<Inputs, Output>[];
}
