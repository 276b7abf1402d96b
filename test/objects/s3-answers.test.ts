import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SourceRejected, SourceUnavailable } from "../../shared/errors.ts";
import { s3Store } from "../../shared/objects/s3.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { localClient } from "../support/moto.ts";
import { keysOf } from "./object-store-contract.ts";

/** One answer; "cut" sends half of what it announced. */
interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cut?: boolean;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** An answer that is an error, as S3 writes it. */
function fault(status: number, code: string, message = code, headers = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/xml", ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}

const object: Answer = {
  status: 200,
  body: "text",
  headers: {
    etag: '"abc"',
    "last-modified": "Sun, 09 Sep 2001 01:46:40 GMT",
    date: "Sun, 09 Sep 2001 01:47:00 GMT",
  },
};

describe("what S3 answers", () => {
  let server: Server;
  let asked: Asked[] = [];
  let answer: (asked: Asked) => Answer;
  let store: ObjectStore;
  /** A store that asks once, for tests that would wait for nothing. */
  let hasty: ObjectStore;

  before(async () => {
    server = createServer((request, response) => {
      request.resume().once("end", () => {
        const { method = "", url: path = "", headers } = request;
        asked.push({ method, path, headers });
        const { status, body = "", headers: own, cut } = answer(asked.at(-1)!);
        const length = `${body.length}`;
        response.writeHead(status, { ...own, "content-length": length });
        if (!cut) {
          response.end(method === "HEAD" ? undefined : body);
          return;
        }
        response.write(body.slice(0, body.length / 2), () => response.destroy());
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    store = s3Store("bucket", "pre/fix", localClient(url));
    hasty = s3Store("bucket", "pre/fix", localClient(url, { maxAttempts: 1 }));
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  /** The answers in turn, the last one for ever. */
  function answers(...given: Answer[]): void {
    answer = () => (given.length > 1 ? given.shift()! : given[0]!);
  }

  const methods = (): string[] => asked.map(({ method }) => method);
  const bytes = Buffer.from("x");

  it("is read with the time that it says, not this machine's", async () => {
    answers(object);
    assert.deepEqual(await store.read("k"), {
      bytes: Buffer.from("text"),
      version: '"abc"',
      // `date -u -d "Sun, 09 Sep 2001 01:46:40 GMT" +%s` is 1000000000.
      storedMs: 1_000_000_000_000,
      nowMs: 1_000_000_020_000,
    });
    assert.match(asked[0]!.path, /^\/bucket\/pre\/fix\/k(\?|$)/);
  });

  it("is refused where it has no version", async () => {
    answers({ ...object, headers: {} });
    await assert.rejects(store.read("k"), {
      constructor: SourceRejected,
      message: /^s3:\/\/bucket\/pre\/fix: expected an answer with ETag, Last-Modified and Date/,
    });
  });

  it("is asked for on a condition that S3 checks", async () => {
    answers({ status: 200, headers: { etag: '"new"' } });
    assert.equal(await store.putIfAbsent("k", bytes), true);
    assert.equal(await store.replace("k", bytes, '"abc"'), true);
    const conditions = asked.map(({ headers }) => [headers["if-none-match"], headers["if-match"]]);
    assert.deepEqual(conditions, [
      ["*", undefined],
      [undefined, '"abc"'],
    ]);
  });

  it("is no failure where the condition does not hold, and is asked once", async () => {
    answers(fault(412, "PreconditionFailed"));
    assert.equal(await store.putIfAbsent("k", bytes), false);
    assert.equal(await store.replace("k", bytes, '"abc"'), false);
    answers(fault(404, "NoSuchKey"));
    assert.equal(await store.replace("k", bytes, '"abc"'), false);
    assert.deepEqual(methods(), ["PUT", "PUT", "PUT"]);
  });

  it("is asked for again where another put is under way", async () => {
    const conflict = fault(409, "ConditionalRequestConflict");
    answers(conflict, conflict, { status: 200 });
    assert.equal(await store.putIfAbsent("k", bytes), true);
    answers(conflict, fault(412, "PreconditionFailed"));
    assert.equal(await store.replace("k", bytes, '"abc"'), false);
    assert.deepEqual(methods(), Array(5).fill("PUT"));
    answers(conflict);
    await assert.rejects(store.putIfAbsent("k", bytes), SourceUnavailable);
  });

  it("counts a put as won where only its answer was lost", async () => {
    let won: string | undefined;
    answer = ({ method, headers }) => {
      if (method === "HEAD") return { status: 200, headers: { "x-amz-meta-quarry-put": won! } };
      if (won !== undefined) return fault(412, "PreconditionFailed");
      won = headers["x-amz-meta-quarry-put"] as string;
      return fault(500, "InternalError");
    };
    assert.equal(await store.putIfAbsent("k", bytes), true);
    won = undefined;
    assert.equal(await store.replace("k", bytes, '"abc"'), true);
    assert.deepEqual(methods(), ["PUT", "PUT", "HEAD", "PUT", "PUT", "HEAD"]);
  });

  it("counts a put as lost where another one was there before it was asked again", async () => {
    const lost = [fault(503, "SlowDown"), fault(412, "PreconditionFailed")];
    answers(...lost, { status: 200, headers: { "x-amz-meta-quarry-put": "another" } });
    assert.equal(await store.putIfAbsent("k", bytes), false);
    answers(...lost, { status: 404 });
    assert.equal(await store.putIfAbsent("k", bytes), false);
  });

  it("is asked for again a few times where it can't answer", async () => {
    answers(fault(503, "ServiceUnavailable"), { status: 500 }, object);
    assert.equal((await store.get("k"))!.toString(), "text");
    assert.equal(asked.length, 3);
    asked = [];
    answers({ status: 500 });
    await assert.rejects(store.get("k"), SourceUnavailable);
    assert.equal(asked.length, 4);
  });

  it("means: try again later", async () => {
    const cases: [Answer, RegExp, boolean][] = [
      [
        fault(503, "SlowDown", "Please reduce your rate."),
        /asked too often.*SlowDown: Please/,
        true,
      ],
      [fault(503, "ServiceUnavailable"), /^S3 can't answer for bucket "bucket" now \(Serv/, false],
      [fault(500, "InternalError"), /InternalError/, false],
      [
        { status: 502, body: "<html>Bad Gateway</html>" },
        /can't answer for bucket "bucket"/,
        false,
      ],
      [{ ...object, cut: true }, /can't answer for bucket "bucket"/, false],
      [
        { ...object, headers: { ...object.headers, "x-amz-checksum-crc32": "AAAAAA==" } },
        /can't answer for bucket "bucket" now \(Checksum mismatch/,
        false,
      ],
    ];
    for (const [given, message, throttled] of cases) {
      answers(given);
      await assert.rejects(hasty.get("k"), (thrown: unknown) => {
        assert.ok(thrown instanceof SourceUnavailable, String(thrown));
        assert.match(thrown.message, message);
        assert.match(thrown.message, /: try again later\.$/);
        assert.deepEqual([thrown.exitCode, thrown.throttled], [75, throttled]);
        return true;
      });
    }
  });

  it("means: try again later, where nobody listens", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    for (const host of ["127.0.0.1", "localhost"]) {
      const nobody = s3Store("bucket", "", localClient(`http://${host}:${port}`));
      await assert.rejects(nobody.get("k"), {
        constructor: SourceUnavailable,
        message:
          /^S3 can't answer for bucket "bucket" now \(.*ECONNREFUSED.*\): try again later\.$/,
      });
    }
  });

  it("means: fix the configuration", async () => {
    const keys = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.";
    const cases: [Answer, string][] = [
      [
        fault(403, "AccessDenied", "Access Denied"),
        'S3 refuses access to bucket "bucket" (AccessDenied: Access Denied): allow s3:GetObject, s3:PutObject and s3:ListBucket, or name another bucket in QUARRY_OBJECTS.',
      ],
      [
        fault(404, "NoSuchBucket", "The specified bucket does not exist"),
        'There is no bucket "bucket": create it, or name another one in QUARRY_OBJECTS.',
      ],
      ...[
        [400, "ExpiredToken", "The provided token has expired."] as const,
        [403, "InvalidAccessKeyId", "It does not exist."] as const,
        [403, "SignatureDoesNotMatch", "Check your key."] as const,
      ].map(([status, code, message]): [Answer, string] => [
        fault(status, code, message),
        `S3 does not take the AWS credentials for bucket "bucket" (${code}: ${message}): get new ones by \`aws sso login\`, or ${keys}`,
      ]),
      [
        fault(301, "PermanentRedirect", "Use its endpoint.", {
          "x-amz-bucket-region": "us-west-2",
        }),
        'Bucket "bucket" is in another region (PermanentRedirect: Use its endpoint.): set AWS_REGION to us-west-2.',
      ],
      [
        fault(400, "AuthorizationHeaderMalformed", "expecting 'us-west-2'"),
        "Bucket \"bucket\" is in another region (AuthorizationHeaderMalformed: expecting 'us-west-2'): set AWS_REGION to its region.",
      ],
      [
        fault(403, "RequestTimeTooSkewed", "The difference is too large."),
        'S3 refuses requests for bucket "bucket" (RequestTimeTooSkewed: The difference is too large.): set the clock of this machine.',
      ],
      [
        fault(501, "NotImplemented", "A header is not implemented."),
        "The store of bucket \"bucket\" can't do what Quarry needs (NotImplemented: A header is not implemented.): name one in QUARRY_OBJECTS that has S3's conditional writes.",
      ],
      [
        fault(400, "InvalidRequest", "Why."),
        'S3 refuses a request for bucket "bucket" (400 InvalidRequest: Why.): see QUARRY_OBJECTS and AWS_REGION.',
      ],
    ];
    for (const [given, message] of cases) {
      answers(given);
      const refusal = { constructor: SourceRejected, message };
      await assert.rejects(store.get("k"), refusal);
      await assert.rejects(store.putIfAbsent("k", bytes), refusal);
      await assert.rejects(store.replace("k", bytes, '"abc"'), refusal);
      await assert.rejects(keysOf(store, ""), refusal);
    }
  });
});
