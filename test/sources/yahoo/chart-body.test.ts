import assert from "node:assert/strict";
import { MalformedRecord } from "../../../shared/errors.ts";
import { readChartBody, type ChartBody } from "../../../shared/sources/yahoo/chart-body.ts";
import { chartBytes } from "./chart.ts";

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const malformed = (message: string | RegExp) => ({ constructor: MalformedRecord, message });

/** A reply with one row, changed. */
function changed(change: (result: Record<string, Record<string, unknown>>) => void): Buffer {
  const body = JSON.parse(chartBytes({ rows: [["2024-03-04", 50]] }).toString()) as {
    chart: { result: [Record<string, Record<string, unknown>>] };
  };
  change(body.chart.result[0]);
  return bytes(body);
}

describe("readChartBody", () => {
  it("reads columns, events and meta, and ignores what else is there", () => {
    const body = readChartBody(
      changed((result) => {
        result["meta"]!["somethingNew"] = { a: [1] };
        result["events"] = {
          splits: { a: { date: 5, numerator: 3, denominator: 2, splitRatio: "3:2" } },
          dividends: { b: { amount: 0.25, date: 7 } },
          capitalGains: { c: { amount: 1.5, date: 9 } },
          earnings: { d: {} },
        };
        result["indicators"]!["adjclose"] = [{ adjclose: [49.5] }];
      }),
    ) as ChartBody;
    assert.equal(body.meta.symbol, "TINY");
    assert.deepEqual([body.timestamps, body.close, body.volume], [[1_709_562_600], [50], [1000]]);
    assert.deepEqual(body.adjclose, [49.5]);
    assert.deepEqual(body.splits, [{ date: 5, ratio: 1.5 }]);
    assert.deepEqual(body.dividends, [{ amount: 0.25, date: 7 }]);
    assert.deepEqual(body.capitalGains, [{ amount: 1.5, date: 9 }]);
  });

  it("reads a reply without timestamps, events and adjusted closes", () => {
    const body = readChartBody(chartBytes({ rows: [] })) as ChartBody;
    assert.deepEqual([body.timestamps, body.close, body.adjclose, body.splits], [[], [], [], []]);
  });

  it("gives the error inside a reply, and one for a reply without a result", () => {
    const error = { code: "Not Found", description: "No data found, symbol may be delisted" };
    assert.deepEqual(readChartBody(bytes({ chart: { result: null, error } })), error);
    const empty = { code: "Empty", description: "no result in the reply" };
    assert.deepEqual(readChartBody(bytes({ chart: { result: [], error: null } })), empty);
    assert.deepEqual(readChartBody(bytes({ chart: { result: null } })), empty);
  });

  it("says how other bytes begin", () => {
    assert.throws(
      () => readChartBody(Buffer.from("<html><head><title>Will be right back...")),
      malformed(
        `Yahoo's chart reply is no JSON; it begins "<html><head><title>Will be right back...".`,
      ),
    );
    assert.throws(() => readChartBody(Buffer.alloc(0)), malformed(/is no JSON; it begins ""/));
    const half = chartBytes({ rows: [["2024-03-04", 50]] });
    assert.throws(
      () => readChartBody(half.subarray(0, half.length / 2)),
      malformed(/^Yahoo's chart reply is no JSON; it begins "\{"chart":/),
    );
  });

  it("says where a reply of another format differs", () => {
    const quote = changed((result) => {
      (result["indicators"]!["quote"] as Record<string, unknown>[])[0]!["close"] = ["50"];
    });
    assert.throws(
      () => readChartBody(quote),
      malformed(
        /expected the v8 chart format, got .*expected number.* at chart\.result\.0\.indicators\.quote\.0\.close\.0\.$/,
      ),
    );
    assert.throws(() => readChartBody(bytes({ finance: {} })), malformed(/ at chart\.$/));
    assert.throws(() => readChartBody(bytes([])), malformed(/expected the v8 chart format/));
  });

  it("refuses columns of another length than the timestamps", () => {
    const short = changed((result) => {
      (result["indicators"]!["quote"] as Record<string, unknown>[])[0]!["volume"] = [];
    });
    assert.throws(
      () => readChartBody(short),
      malformed("Yahoo's chart reply: expected 1 values of volume, got 0."),
    );
  });
});
