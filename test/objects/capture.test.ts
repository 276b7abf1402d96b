import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { getCapture, putCapture } from "../../shared/objects/capture.ts";
import { fileStore } from "../../shared/objects/file-store.ts";
import { useTempFolder } from "../support/temp-folder.ts";
import { keysOf } from "./object-store-contract.ts";

describe("captures", () => {
  const folder = useTempFolder();
  const open = (name: string) => fileStore(join(folder(), name));

  it("give back the bytes as they came, UTF-8 or not", async () => {
    const objects = open("bytes");
    for (const bytes of [Buffer.from("abc"), Buffer.from([0xff, 0x00, 0xfe]), Buffer.alloc(0)]) {
      const hash = await putCapture(objects, "yahoo", bytes);
      assert.deepEqual(await getCapture(objects, "yahoo", hash), bytes);
    }
  });

  it("are named by the hash of the bytes, compressed, and kept once however often they come", async () => {
    const objects = open("once");
    const hash = await putCapture(objects, "yahoo", Buffer.from("abc"));
    assert.equal(await putCapture(objects, "yahoo", Buffer.from("abc")), hash);
    // SHA-256 of "abc", FIPS 180-2.
    const key =
      "captures/yahoo/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.gz";
    assert.deepEqual(await keysOf(objects, ""), [key]);
    assert.equal(gunzipSync((await objects.get(key))!).toString(), "abc");
  });

  it("of one source are not those of another, and an unknown one is not there", async () => {
    const objects = open("sources");
    const hash = await putCapture(objects, "yahoo", Buffer.from("abc"));
    assert.equal(await getCapture(objects, "simulated", hash), undefined);
    assert.equal(await getCapture(objects, "yahoo", "0".repeat(64)), undefined);
  });
});
