import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSettings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { getCapture, putCapture } from "../../shared/objects/capture.ts";
import { openObjects } from "../../shared/objects/open-objects.ts";
import { collect } from "../support/collect.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const open = (environment: Record<string, string>) => openObjects(readSettings({}, environment));
const place = async (environment: Record<string, string>) => (await open(environment)).location;

describe("openObjects", () => {
  const folder = useTempFolder();

  it("is a folder under QUARRY_HOME, or the one of QUARRY_OBJECTS", async () => {
    assert.equal(await place({}), resolve(".quarry/objects"));
    assert.equal(await place({ QUARRY_HOME: "/data" }), "/data/objects");
    assert.equal(await place({ QUARRY_HOME: "/data", QUARRY_OBJECTS: "/raw" }), "/raw");
  });

  it("is a bucket, and a place in it", async () => {
    for (const [objects, location] of [
      ["s3://bucket", "s3://bucket"],
      ["s3://bucket/", "s3://bucket"],
      ["s3://my.bucket-1/quarry", "s3://my.bucket-1/quarry"],
      ["s3://bucket/quarry/dev/", "s3://bucket/quarry/dev"],
    ] as const) {
      assert.equal(await place({ QUARRY_OBJECTS: objects }), location);
    }
  });

  it("keeps vendors' replies apart where QUARRY_CAPTURES says so, and finds them there", async () => {
    const [objects, captures] = [join(folder(), "objects"), join(folder(), "captures")];
    const store = await open({ QUARRY_OBJECTS: objects, QUARRY_CAPTURES: captures });
    const key = await putCapture(store, "vendor", Buffer.from("reply"));
    await store.putIfAbsent("ledger/a.json", Buffer.from("{}"));
    assert.equal((await getCapture(store, "vendor", key))?.toString(), "reply");
    assert.deepEqual([readdirSync(objects), readdirSync(captures)], [["ledger"], ["captures"]]);
    assert.equal((await collect(store.list("captures/"))).length, 1);
    await assert.rejects(
      open({ QUARRY_CAPTURES: "gs://bucket" }),
      /^InvalidInput: QUARRY_CAPTURES: expected/,
    );
  });

  it("refuses an address that it can't open", async () => {
    for (const objects of [
      "https://bucket/prefix",
      "s3://",
      "s3://b",
      "s3://My_Bucket/x",
      "s3://bucket//x",
      "s3://bucket/x/../y",
      "s3://bucket/a b",
    ]) {
      await assert.rejects(open({ QUARRY_OBJECTS: objects }), {
        constructor: InvalidInput,
        message: `QUARRY_OBJECTS: expected a folder or s3://bucket/prefix, got "${objects}".`,
      });
    }
  });
});
