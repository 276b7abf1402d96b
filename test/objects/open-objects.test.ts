import assert from "node:assert/strict";
import { resolve } from "node:path";
import { readSettings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { openObjects } from "../../shared/objects/open-objects.ts";

const open = (environment: Record<string, string>) => openObjects(readSettings({}, environment));
const place = async (environment: Record<string, string>) => (await open(environment)).location;

describe("openObjects", () => {
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
