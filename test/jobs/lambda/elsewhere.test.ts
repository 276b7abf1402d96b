import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { orderElsewhere } from "../../../jobs/elsewhere.ts";
import { submission } from "../../../shared/backfill/executors/batch-order.ts";
import { fakeCredentials, localClient, useMoto } from "../../support/moto.ts";
import { quarry } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const csv = [
  "date,ticker,open,high,low,close,volume",
  "2024-06-27,AAPL,214.69,215.74,212.35,214.1,49772700",
  "2024-06-28,AAPL,215.77,216.07,210.3,210.62,82542700",
].join("\n");
const file = "s3://quarry-dev-inbox/inbox/prices/acme/raw/all of 2024.csv";
const elsewhere = (files: readonly string[]) => ({
  job: "import prices",
  args: { source: "acme", basis: "raw", files },
  reason: "too big",
});

describe("work that Lambda hands over to Batch", () => {
  const folder = useTempFolder();

  it("is one job on demand, of the same name whenever it is handed over", () => {
    const order = orderElsewhere(elsewhere([file]));
    assert.deepEqual(orderElsewhere(elsewhere([file])), order);
    assert.notEqual(orderElsewhere(elsewhere(["s3://quarry-dev-inbox/b"])).name, order.name);
    assert.equal(order.spot, false);
    const sent = submission(order);
    assert.match(sent.jobName, /^quarry-inbox-[0-9a-f]{16}$/);
    assert.equal(sent.shareIdentifier, "inbox");
    assert.ok(!("arrayProperties" in sent));
  });

  it("is done by the command it orders, and once", async () => {
    const path = join(folder(), "all.csv");
    writeFileSync(path, csv);
    const home = join(folder(), "home");
    const { command } = orderElsewhere(elsewhere([path]));
    for (const admitted of [2, 0]) {
      const { code, stdout, stderr } = await quarry(command, { home });
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as { admission: { admitted: number } | null };
      assert.equal(report.admission?.admitted ?? 0, admitted);
    }
  });

  it("says in one sentence what it can't do", async () => {
    const home = join(folder(), "none");
    const wrong = await quarry(["job", "import prices", "{}"], { home });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^quarry: import prices: files: .*\n$/);
    const unknown = await quarry(["job", "dance", "{}"], { home });
    assert.deepEqual([unknown.code, /got "dance"\.\n$/.test(unknown.stderr)], [2, true]);
    assert.equal((await quarry(["job", "import prices", "[1]"], { home })).code, 2);
  });

  describe("with an inbox on S3", () => {
    const url = useMoto();
    const options = (home: string) => ({
      home: join(folder(), home),
      environment: {
        AWS_ENDPOINT_URL: url(),
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
      },
    });

    it("brings the file here, and tells when it is gone", async () => {
      const client = localClient(url());
      const Bucket = "quarry-dev-inbox";
      await client.send(
        new CreateBucketCommand({
          Bucket,
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
      const Key = "inbox/prices/acme/raw/all of 2024.csv";
      await client.send(new PutObjectCommand({ Bucket, Key, Body: csv }));
      const { command } = orderElsewhere(elsewhere([file]));
      const { code, stdout, stderr } = await quarry(command, options("s3"));
      assert.equal(code, 0, stderr);
      assert.equal(
        (JSON.parse(stdout) as { admission: { admitted: number } }).admission.admitted,
        2,
      );
      const gone = orderElsewhere(elsewhere([`s3://${Bucket}/gone.csv`]));
      const failed = await quarry(gone.command, options("gone"));
      assert.equal(failed.code, 1);
      assert.match(failed.stderr, /^quarry: s3:\/\/quarry-dev-inbox\/gone\.csv is gone/);
    });
  });
});
