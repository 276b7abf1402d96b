import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { handle, type Elsewhere, type LambdaDeps } from "../../../jobs/lambda.ts";
import { dayOf } from "../../../jobs/registry.ts";
import { InvalidInput, SourceRejected } from "../../../shared/errors.ts";
import { migrate } from "../../../shared/warehouse/migrate.ts";
import { useServerWarehouse } from "../../support/every-warehouse.ts";
import { jobDeps } from "../../support/job-deps.ts";
import { fileStore } from "../../../shared/objects/file-store.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { pdfOf } from "../../../shared/simulator/pdf.ts";
import { tableCounts } from "../../support/tables.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const nowMs = Date.UTC(2024, 5, 28, 23);
const invocation = {
  awsRequestId: "8f507cfc-xmpl-4697-b07a-ac58fc914c95",
  getRemainingTimeInMillis: () => 300_000,
};
const csv = gzipSync(
  [
    "date,ticker,open,high,low,close,volume",
    "2024-06-27,AAPL,214.69,215.74,212.35,214.1,49772700",
    "2024-06-28,AAPL,215.77,216.07,210.3,210.62,82542700",
  ].join("\n"),
);

/** An event as EventBridge brings it; its keys are not encoded. */
const created = (key: string, size = csv.length) => ({
  version: "0",
  id: "17793124-05d4-b198-2fde-7ededc63b103",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "123456789012",
  time: "2024-06-28T22:00:00Z",
  region: "us-east-1",
  resources: ["arn:aws:s3:::quarry-dev-inbox"],
  detail: {
    version: "0",
    bucket: { name: "quarry-dev-inbox" },
    object: {
      key,
      size,
      etag: "b1946ac92492d2347c6235b4d2611184",
      sequencer: "00617F08299329D189",
    },
    reason: "PutObject",
  },
});

/** The same as S3's own notification writes it: keys as in forms. */
const notified = (key: string) => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      s3: {
        s3SchemaVersion: "1.0",
        bucket: { name: "quarry-dev-inbox", arn: "arn:aws:s3:::quarry-dev-inbox" },
        object: { key, size: csv.length, sequencer: "00617F08299329D189" },
      },
    },
  ],
});

describe("the handler of Lambda", () => {
  const warehouse = useServerWarehouse();
  before(() => migrate(warehouse()));
  const folder = useTempFolder();
  const asked: string[] = [];
  const elsewhere: Elsewhere[] = [];
  const reportFiles = new Map<string, Uint8Array>();
  const deps: LambdaDeps = {
    open: () =>
      Promise.resolve({
        // A server's location is no folder.
        deps: { ...jobDeps(warehouse(), nowMs), objects: fileStore(folder()) },
        close: () => Promise.resolve(),
      }),
    fetchObject: (bucket, key, path) => {
      asked.push(`${bucket} ${key}`);
      if (key.includes("gone")) return Promise.resolve(false);
      const report = reportFiles.get(key);
      if (/\.(json|pdf)$/.test(key) && report === undefined) return Promise.resolve(false);
      writeFileSync(path, report ?? csv);
      return Promise.resolve(true);
    },
    submitElsewhere: (order) => {
      elsewhere.push(order);
      return Promise.resolve();
    },
    mostBytes: 1_000_000,
    mostReportBytes: 100_000,
  };

  it("takes a file of the inbox in, and once, however often the event comes", async () => {
    const key = "inbox/prices/acme/raw/daily 2024-06-28+late.csv.gz";
    const [first] = await handle(created(key), invocation, deps);
    assert.equal(first!.state, "done");
    assert.equal(asked.at(-1), `quarry-dev-inbox ${key}`);
    const before = await tableCounts(warehouse());
    assert.equal(before["bars"], 2);
    const encoded = "inbox/prices/acme/raw/daily+2024-06-28%2Blate.csv.gz";
    await handle(notified(encoded), invocation, deps);
    assert.equal(asked.at(-1), `quarry-dev-inbox ${key}`);
    assert.deepEqual(await tableCounts(warehouse()), before);
  });

  it("leaves other objects alone, and hands over what is too big", async () => {
    const [other] = await handle(created("letters/2024.pdf"), invocation, deps);
    const [wrong] = await handle(created("inbox/prices/acme/guessed/a.csv"), invocation, deps);
    assert.deepEqual([other!.state, wrong!.state], ["ignored", "ignored"]);
    const key = "inbox/prices/acme/raw/all.parquet";
    const [big] = await handle(created(key, 5_000_000_000), invocation, deps);
    assert.equal(big!.state, "elsewhere");
    assert.deepEqual(elsewhere, [
      {
        job: "import prices",
        args: { source: "acme", basis: "raw", files: [`s3://quarry-dev-inbox/${key}`] },
        reason: "5000000000 bytes are more than 1000000",
      },
    ]);
  });

  it("reads a report that says whose it is, by its key or by a file beside it, and tells what it can't know", async () => {
    const pdf = await pdfOf([
      "Risk factors. Litigation and weak demand could harm us, and 3 rivals compete.",
    ]);
    reportFiles.set("reports/ACME/2023-12-31/2024-03-01/annual.pdf", pdf);
    reportFiles.set("reports/annual.pdf", pdf);
    reportFiles.set("reports/other.pdf", pdf);
    reportFiles.set(
      "reports/annual.json",
      Buffer.from('{"ticker": "ACME", "period_end": "2022-12-31", "published": "2023-03-01"}'),
    );
    const states: unknown[] = [];
    for (const key of [
      "reports/ACME/2023-12-31/2024-03-01/annual.pdf",
      "reports/annual.pdf",
      "reports/other.pdf",
    ]) {
      const [handled] = await handle(created(key), invocation, deps);
      const { state, period_end } = handled!.report as { state: string; period_end: string | null };
      states.push([handled!.state, state, period_end]);
    }
    assert.deepEqual(states, [
      ["done", "scored", "2023-12-31"],
      ["done", "scored", "2022-12-31"],
      ["done", "unidentified", null],
    ]);
    // Nobody says when it was published: it is known from when it came, whenever it is read.
    const undated = "reports/ACME/2021-12-31/annual.pdf";
    reportFiles.set(undated, pdf);
    const [came] = await handle(created(undated), invocation, deps);
    assert.equal((came!.report as { known_at: string }).known_at, "2024-06-28T22:00:00.000Z");
    const key = "reports/ACME/2023-12-31/large.pdf";
    const [big] = await handle(created(key, 200_000), invocation, deps);
    assert.equal(big!.state, "elsewhere");
    assert.deepEqual(elsewhere.at(-1), {
      job: "read report",
      args: {
        path: `s3://quarry-dev-inbox/${key}`,
        file: `s3://quarry-dev-inbox/${key}`,
        identity: { ticker: "ACME", periodEnd: "2023-12-31", published: undefined },
        came: "2024-06-28T22:00:00Z",
      },
      reason: "200000 bytes are more than 100000",
    });
  });

  it("runs what a schedule asks for, with days that move", async () => {
    const event = { job: "compute", arguments: { factors: ["rev_5"], from: "-3d", to: "session" } };
    const [handled] = await handle(event, invocation, deps);
    assert.equal(handled!.state, "done");
    assert.deepEqual(
      { ...handled!.report, sources: undefined, computed: undefined }["from" as never],
      "2024-06-25",
    );
    assert.equal(dayOf("session", nowMs), "2024-06-28");
    assert.equal(dayOf("today", nowMs), "2024-06-28");
    assert.equal(dayOf("soon", nowMs), undefined);
  });

  it("throws where something fails, so that the caller tries again", async () => {
    const gone = created("inbox/prices/acme/raw/gone.csv");
    await assert.rejects(handle(gone, invocation, deps), /gone\.csv is gone/);
    await assert.rejects(
      handle({ job: "compute", arguments: { from: "soon", to: "today" } }, invocation, deps),
      { constructor: InvalidInput, message: /compute: from: expected YYYY-MM-DD.* got "soon"/ },
    );
    await assert.rejects(handle({ job: "dance", arguments: {} }, invocation, deps), /got "dance"/);
    await assert.rejects(handle({ hello: 1 }, invocation, deps), InvalidInput);
  });
});

describe("the handler of Lambda without a server", () => {
  const warehouse = useWarehouse();
  it("refuses to work on a warehouse that would be gone", async () => {
    await assert.rejects(
      handle({ job: "compute", arguments: { from: "-3d", to: "today" } }, invocation, {
        open: () =>
          Promise.resolve({ deps: jobDeps(warehouse(), nowMs), close: () => Promise.resolve() }),
        fetchObject: () => Promise.resolve(false),
        submitElsewhere: () => Promise.resolve(),
        mostBytes: 1,
        mostReportBytes: 1,
      }),
      { constructor: SourceRejected, message: /set CLICKHOUSE_URL/ },
    );
  });
});
