import assert from "node:assert/strict";
import { resolve } from "node:path";
import { readSettings } from "../../shared/env.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { openObjects } from "../../shared/objects/open-objects.ts";

const open = (environment: Record<string, string>) => openObjects(readSettings({}, environment));

describe("openObjects", () => {
  it("is a folder under QUARRY_HOME, or the one of QUARRY_OBJECTS", () => {
    assert.equal(open({}).location, resolve(".quarry/objects"));
    assert.equal(open({ QUARRY_HOME: "/data" }).location, "/data/objects");
    assert.equal(open({ QUARRY_HOME: "/data", QUARRY_OBJECTS: "/raw" }).location, "/raw");
  });

  it("refuses an address that it can't open", () => {
    assert.throws(() => open({ QUARRY_OBJECTS: "s3://bucket/prefix" }), {
      constructor: InvalidInput,
      message: 'QUARRY_OBJECTS: expected a folder, got "s3://bucket/prefix".',
    });
  });
});
