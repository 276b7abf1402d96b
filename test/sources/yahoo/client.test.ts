import assert from "node:assert/strict";
import { MalformedRecord, SourceRejected, SourceUnavailable } from "../../../shared/errors.ts";
import { readChartBody } from "../../../shared/sources/yahoo/chart-body.ts";
import { openYahoo, type YahooClient } from "../../../shared/sources/yahoo/client.ts";
import { Loopback, type Vendor } from "../../../shared/simulator/loopback.ts";
import type { LineFault, Reply } from "../../../shared/simulator/reply.ts";
import { noSignal } from "../../support/job-deps.ts";
import { chartBytes } from "./chart.ts";

const json = "application/json;charset=utf-8";
const body = chartBytes({ rows: [["2024-03-04", 50]] }).toString();

/** Answers every request with the same chart. */
const vendor: Vendor<never> = {
  subjectOf: ({ url }) => url.pathname,
  answer: () => ({ status: 200, contentType: json, body }),
  refusal: { status: 429, contentType: "text/plain", body: "Too Many Requests" },
};

const fetchedMs = Date.UTC(2024, 2, 4, 22);

const open = (url: string, timeoutMs = 5000): Promise<YahooClient> =>
  openYahoo({ baseUrl: new URL(url), timeoutMs, now: () => fetchedMs });

/** A server that fails at each request, and the client to it. */
async function failing(fault: LineFault) {
  const server = await Loopback.start(vendor, { failures: [{ fault }] });
  const yahoo = await open(server.url, 150);
  return {
    chart: () => yahoo.chart("AAPL", 0, noSignal),
    url: server.url,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const reply = (status: number, text: string, more: Partial<Reply> = {}): LineFault => ({
  kind: "reply",
  reply: { status, contentType: "text/html", body: text, ...more },
});

const chartError = (code: string, description: string): string =>
  JSON.stringify({ chart: { result: null, error: { code, description } } });

describe("the client of Yahoo", () => {
  it("asks the configured address for all days since an instant, to now, with all events", async () => {
    await using server = await Loopback.start(vendor);
    const yahoo = await open(server.url);
    const before = Math.floor(Date.now() / 1000);
    const { bytes, ...answer } = await yahoo.chart("AAPL", 1_262_322_000_500, noSignal);
    const { method, path } = server.requests[0]!;
    const { pathname, searchParams } = new URL(path, server.url);
    assert.deepEqual([method, pathname], ["GET", "/v8/finance/chart/AAPL"]);
    assert.equal(searchParams.get("period1"), "1262322000");
    assert.ok(Number(searchParams.get("period2")) >= before);
    assert.equal(searchParams.get("interval"), "1d");
    assert.deepEqual(searchParams.get("events")!.split("|").sort(), [
      "capitalGain",
      "div",
      "split",
    ]);
    assert.deepEqual(answer, { url: `${server.url}${path}`, status: 200, fetchedMs });
    assert.equal(bytes.toString(), body);
  });

  it("keeps a path before the vendor's own, with a slash at its end or without", async () => {
    await using server = await Loopback.start(vendor);
    for (const prefix of ["/proxy/yahoo", "/proxy/yahoo/"]) {
      const yahoo = await open(`${server.url}${prefix}`);
      await yahoo.chart("AAPL", 0, noSignal);
    }
    const paths = server.requests.map(({ path }) => path.split("?")[0]);
    assert.deepEqual(paths, Array(2).fill("/proxy/yahoo/v8/finance/chart/AAPL"));
  });

  it("asks for odd symbols as they are", async () => {
    await using server = await Loopback.start(vendor);
    const yahoo = await open(server.url);
    const symbols = ["^GSPC", "BRK-B", "BRK.B", "EURUSD=X", "BRK/B", "A#B", "A?x=1", "A B", "Ä"];
    for (const symbol of symbols) await yahoo.chart(symbol, 0, noSignal);
    const asked = server.requests.map(({ subject }) => subject.replace("/v8/finance/chart/", ""));
    assert.deepEqual(asked.map(decodeURIComponent), symbols);
    assert.ok(asked.every((one) => !one.includes("/")));
    assert.ok(server.requests.every(({ path }) => path.includes("&period1=0&")));
  });

  it("gives the bytes of what the library chokes on: no result, no rows, no timestamps", async () => {
    const odd = [
      '{"chart":{"result":null,"error":null}}',
      '{"chart":{"result":[{"meta":{},"indicators":{"quote":[{"close":[1]}]}}],"error":null}}',
      chartBytes({ rows: [] }).toString(),
      '{"something":"else"}',
      "{}",
      '{"chart":',
    ];
    for (const text of odd) {
      await using server = await failing(reply(200, text));
      const { bytes, status } = await server.chart();
      assert.deepEqual([bytes.toString(), status], [text, 200]);
    }
  });

  it("takes a 404 in JSON for an answer, and so a 400 for a symbol without data since then", async () => {
    const answers = [
      [404, chartError("Not Found", "No data found, symbol may be delisted")],
      [400, chartError("Bad Request", "Data doesn't exist for startDate = 5, endDate = 6")],
    ] as const;
    for (const [status, text] of answers) {
      await using server = await failing(reply(status, text, { contentType: json }));
      const answer = await server.chart();
      assert.deepEqual([answer.status, answer.bytes.toString()], [status, text]);
      assert.ok("code" in readChartBody(answer.bytes));
    }
  });
});

describe("the client of Yahoo, when Yahoo fails,", () => {
  /** Every failure that may pass: its class, and what it says after "Yahoo at http://...". */
  const passing: readonly (readonly [what: string, fault: LineFault, message: RegExp])[] = [
    [
      "is throttled",
      reply(429, "Too Many Requests"),
      /^ throttles us \(HTTP 429\); try again later\.$/,
    ],
    [
      "is throttled with HTTP 200",
      reply(200, "Too Many Requests\r\n"),
      /^ throttles us \(HTTP 200\)/,
    ],
    ["meets a 500", reply(500, "<html>500</html>"), /^ fails \(HTTP 500\); try again later\.$/],
    [
      "meets a 503 in JSON",
      reply(503, '{"finance":{"error":{"code":"x"}}}'),
      /^ fails \(HTTP 503\)/,
    ],
    [
      "meets a page",
      reply(200, "<html>Oops</html>"),
      /^ answers HTTP 200 with something that is no JSON \("<html>Oops<\/html>"\)/,
    ],
    [
      "meets a 404 that is a page",
      reply(404, "<h1>Not Found</h1>"),
      /^ answers HTTP 404 with something that is no JSON/,
    ],
    [
      "meets nothing at all",
      reply(200, ""),
      /^ answers HTTP 200 with something that is no JSON \(""\)/,
    ],
    [
      "meets half a body",
      { kind: "cut" },
      /^ does not answer \(.+\); try again later, or check YAHOO_BASE_URL\.$/,
    ],
    ["meets silence", { kind: "stall" }, /^ does not answer \(.*timeout.*\); try again later/],
  ];
  for (const [what, fault, message] of passing) {
    it(`is SourceUnavailable and says so when it ${what}`, async () => {
      await using server = await failing(fault);
      await assert.rejects(server.chart(), (thrown) => {
        assert.ok(thrown instanceof SourceUnavailable);
        assert.ok(thrown.message.startsWith(`Yahoo at ${server.url}`), thrown.message);
        assert.match(thrown.message.slice(`Yahoo at ${server.url}`.length), message);
        return true;
      });
    });
  }

  it("is SourceUnavailable when nobody listens", async () => {
    const server = await Loopback.start(vendor);
    const yahoo = await open(server.url);
    await server.close();
    await assert.rejects(yahoo.chart("AAPL", 0, noSignal), {
      constructor: SourceUnavailable,
      message:
        /^Yahoo at http:\/\/127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED.*\); try again later, or check YAHOO_BASE_URL\.$/,
    });
  });

  it("hands on how long a throttled request is to wait", async () => {
    const waits = [
      [{ "retry-after": "7" }, 7000],
      [{ "retry-after": "0" }, undefined],
      // A date is allowed as well, and is not read.
      [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, undefined],
      [{}, undefined],
    ] as const;
    for (const [headers, retryAfterMs] of waits) {
      await using server = await failing(reply(429, "Too Many Requests", { headers }));
      await assert.rejects(server.chart(), { constructor: SourceUnavailable, retryAfterMs });
    }
  });

  it("is SourceRejected when it is refused, with how the refusal begins", async () => {
    const refusals: readonly (readonly [LineFault, RegExp])[] = [
      [
        reply(401, chartError("Unauthorized", "Invalid Crumb")),
        /refuses us \(HTTP 401\): .*Invalid Crumb/,
      ],
      [
        reply(400, chartError("Bad Request", "Invalid input - interval=45m")),
        /rejects the request \(HTTP 400\): .*interval=45m/,
      ],
      [reply(422, chartError("Unprocessable Entity", "no")), /rejects the request \(HTTP 422\)/],
    ];
    for (const [fault, message] of refusals) {
      await using server = await failing(fault);
      await assert.rejects(server.chart(), { constructor: SourceRejected, message });
    }
  });

  it("is SourceUnavailable, and forbidden, where it may be a ban that ends", async () => {
    await using server = await failing(reply(403, "<html>Forbidden</html>"));
    await assert.rejects(server.chart(), {
      constructor: SourceUnavailable,
      forbidden: true,
      throttled: true,
      message: /refuses us \(HTTP 403\): <html>Forbidden/,
    });
  });

  it("stops at once when it is told to, with the reason it is given", async () => {
    await using server = await Loopback.start(vendor, { failures: [{ fault: { kind: "stall" } }] });
    const yahoo = await open(server.url);
    const stop = new AbortController();
    const asked = yahoo.chart("AAPL", 0, stop.signal);
    const reason = new Error("enough");
    setTimeout(() => {
      stop.abort(reason);
    }, 30);
    const before = performance.now();
    await assert.rejects(asked, reason);
    assert.ok(performance.now() - before < 10_000);
    // Nor does it ask after that.
    const requests = server.requests.length;
    await assert.rejects(yahoo.chart("MSFT", 0, stop.signal), reason);
    assert.equal(server.requests.length, requests);
  });

  it("reads what came in spite of all as a malformed record, never as a history", async () => {
    await using server = await failing(reply(200, '{"chart":{"result":[{}]}}'));
    const { bytes } = await server.chart();
    assert.throws(() => readChartBody(bytes), MalformedRecord);
  });
});

describe("the client of Yahoo under load", () => {
  it("holds nothing back: ten requests are ten requests at once", async () => {
    // Whoever waits in the library's own queue would leave when another comes back, past the lane's rate.
    const stall = { kind: "stall", ms: 1500 } as const;
    await using server = await Loopback.start(vendor, { failures: [{ fault: stall }] });
    const yahoo = await open(server.url);
    const before = Date.now();
    await Promise.all(Array.from({ length: 10 }, (_, at) => yahoo.chart(`S${at}`, 0, noSignal)));
    const last = Math.max(...server.requests.map(({ atMs }) => atMs)) - before;
    assert.equal(server.requests.length, 10);
    assert.ok(last < 1500, `the last was sent after ${last} ms`);
  });

  it("keeps the replies of concurrent requests apart", async () => {
    const echo: Vendor<never> = {
      ...vendor,
      answer: ({ url }) => ({
        status: 200,
        contentType: json,
        body: JSON.stringify({ said: url.pathname }),
      }),
    };
    await using server = await Loopback.start(echo);
    const yahoo = await open(server.url);
    const symbols = Array.from({ length: 20 }, (_, at) => `S${at}`);
    const replies = await Promise.all(symbols.map((symbol) => yahoo.chart(symbol, 0, noSignal)));
    assert.deepEqual(
      replies.map(({ bytes }) => bytes.toString()),
      symbols.map((symbol) => `{"said":"/v8/finance/chart/${symbol}"}`),
    );
  });
});
