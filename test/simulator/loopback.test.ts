import assert from "node:assert/strict";
import { Loopback, type LoopbackOptions, type Vendor } from "../../shared/simulator/loopback.ts";
import { peakPerSecond } from "../../shared/simulator/request-log.ts";

type Fault = { readonly kind: "loud" };

const text = (status: number, body: string) => ({ status, contentType: "text/plain", body });

/** Says back what it was told. */
const echo: Vendor<Fault> = {
  subjectOf: ({ url }) => url.pathname.slice(1),
  answer({ method, url, headers, body }, fault) {
    if (url.pathname === "/bug") throw new Error("a mistake in the vendor");
    const said = `${method} ${url.pathname} ${String(headers["x-word"] ?? "")} ${body}`.trim();
    return text(200, fault === undefined ? said : `${said}!`);
  },
  refusal: text(429, "slow down"),
};

const start = (options: LoopbackOptions<Fault> = {}) => Loopback.start(echo, options);

describe("Loopback", () => {
  it("answers on 127.0.0.1, marks the reply as simulated, and logs the request", async () => {
    await using vendor = await start({ clock: () => 1234 });
    assert.match(vendor.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const reply = await fetch(`${vendor.url}/ABCD?x=1`, { headers: { "x-word": "hello" } });
    assert.equal(await reply.text(), "GET /ABCD hello");
    assert.equal(reply.headers.get("x-simulated"), "quarry");
    assert.deepEqual(vendor.requests, [
      {
        atMs: 1234,
        method: "GET",
        path: "/ABCD?x=1",
        subject: "ABCD",
        status: 200,
        fault: undefined,
      },
    ]);
  });

  it("gives the body of a POST to the vendor", async () => {
    await using vendor = await start();
    const reply = await fetch(`${vendor.url}/search`, { method: "POST", body: '{"q":"x"}' });
    assert.equal(await reply.text(), 'POST /search  {"q":"x"}');
  });

  it("answers 500 with the message when the vendor has a bug", async () => {
    await using vendor = await start();
    const reply = await fetch(`${vendor.url}/bug`);
    assert.deepEqual([reply.status, await reply.text()], [500, "a mistake in the vendor"]);
  });

  it("keeps a connection open for the next request", async () => {
    await using vendor = await start();
    const reply = await fetch(`${vendor.url}/A`);
    assert.equal(reply.headers.get("connection"), "keep-alive");
    await reply.text();
  });

  it("replies what the script says, and hands faults of the data to the vendor", async () => {
    await using vendor = await start({
      failures: [
        { when: "A", times: 1, fault: { kind: "reply", reply: text(503, "gone fishing") } },
        { when: "A", times: 1, fault: { kind: "loud" } },
      ],
    });
    const replies: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      const reply = await fetch(`${vendor.url}/A`);
      replies.push([reply.status, await reply.text()]);
    }
    assert.deepEqual(replies, [
      [503, "gone fishing"],
      [200, "GET /A!"],
      [200, "GET /A"],
    ]);
    assert.deepEqual(
      vendor.requests.map(({ fault }) => fault),
      ["reply", "loud", undefined],
    );
  });

  it("stalls for a time", async () => {
    await using vendor = await start({ failures: [{ fault: { kind: "stall", ms: 60 } }] });
    const before = performance.now();
    const reply = await fetch(`${vendor.url}/A`);
    assert.equal(await reply.text(), "GET /A");
    assert.ok(performance.now() - before > 55);
  });

  it("stalls until it is closed", async () => {
    const vendor = await start({ failures: [{ fault: { kind: "stall" } }] });
    const reply = fetch(`${vendor.url}/A`);
    const outcome = await Promise.race([
      reply.then(
        () => "answered",
        () => "failed",
      ),
      new Promise((resolve) => setTimeout(resolve, 50, "waiting")),
    ]);
    assert.equal(outcome, "waiting");
    assert.equal(vendor.requests[0]!.status, 0);
    await vendor.close();
    await assert.rejects(reply, TypeError);
  });

  it("cuts the connection in the middle of the body", async () => {
    await using vendor = await start({ failures: [{ fault: { kind: "cut" } }] });
    const reply = await fetch(`${vendor.url}/ABCDEFGH`);
    assert.equal(reply.status, 200);
    const { body } = reply;
    let received = "";
    await assert.rejects(async () => {
      for await (const chunk of body!) received += Buffer.from(chunk).toString();
    }, /terminated/);
    assert.equal("GET /ABCDEFGH".slice(0, 6), received);
  });

  it("refuses what is over the limit, by its own clock", async () => {
    let now = 0;
    await using vendor = await start({ limit: { perSecond: 2 }, clock: () => now });
    const statuses: number[] = [];
    for (now of [0, 10, 20, 999, 1000, 1005]) {
      const reply = await fetch(`${vendor.url}/A`);
      await reply.text();
      statuses.push(reply.status);
    }
    assert.deepEqual(statuses, [200, 200, 429, 429, 200, 429]);
    assert.equal(peakPerSecond(vendor.requests), 5);
  });

  it("refuses connections once it is closed", async () => {
    const vendor = await start();
    const { url } = vendor;
    await (await fetch(`${url}/A`)).text();
    await vendor.close();
    await assert.rejects(fetch(`${url}/A`), (error: Error) =>
      String((error.cause as { code?: string }).code).includes("ECONNREFUSED"),
    );
  });
});
