import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { contentHash, fileStore } from "../../shared/objects/file-store.ts";
import { useTempFolder } from "../support/temp-folder.ts";
import { keepsObjectStoreContract, keysOf } from "./object-store-contract.ts";

describe("the object store in a folder", () => {
  const folder = useTempFolder();
  let places = 0;
  const place = (): string => join(folder(), `store-${++places}`);

  keepsObjectStoreContract(() => {
    const at = place();
    return { store: fileStore(at), other: fileStore(at) };
  });

  it("says where it is, and makes the folder when the first object comes", async () => {
    const at = place();
    const store = fileStore(at);
    assert.equal(store.location, at);
    assert.deepEqual(await keysOf(store, ""), []);
    await store.putIfAbsent("a", Buffer.from("x"));
    assert.deepEqual(readdirSync(at), ["a"]);
  });

  it("leaves nothing beside an object, whether the put won or lost", async () => {
    const at = place();
    const store = fileStore(at);
    await Promise.all(Array.from({ length: 10 }, () => store.putIfAbsent("k", Buffer.from("x"))));
    assert.deepEqual(readdirSync(at), ["k"]);
  });

  it("does not take what a dead process left for an object", async () => {
    const at = place();
    const store = fileStore(at);
    await store.putIfAbsent("a", Buffer.from("x"));
    writeFileSync(join(at, "b.0b9c2d1e-1111-4222-8333-444455556666.tmp"), "half");
    assert.deepEqual(await keysOf(store, ""), ["a"]);
  });

  it("does not wait for a replace that died, nor list its mark", async () => {
    const at = place();
    const store = fileStore(at);
    await store.putIfAbsent("k", Buffer.from("first"));
    const mark = join(at, "k.replacing.tmp");
    writeFileSync(mark, "");
    const minuteAgo = Date.now() / 1000 - 60;
    utimesSync(mark, minuteAgo, minuteAgo);
    assert.deepEqual(await keysOf(store, ""), ["k"]);
    const { version } = (await store.read("k"))!;
    const beganMs = Date.now();
    const written = await Promise.all(
      ["second", "third"].map((text) => store.replace("k", Buffer.from(text), version)),
    );
    assert.ok(Date.now() - beganMs < 2_000);
    assert.equal(written.filter(Boolean).length, 1);
    assert.deepEqual(readdirSync(at), ["k"]);
  });

  it("shows every object whole after a SIGKILL in the middle of puts, and goes on", async () => {
    const at = place();
    const script = fileURLToPath(new URL("put-until-killed.ts", import.meta.url));
    let begun = 0;
    for (const restMs of [0, 4, 9]) {
      const child = spawn(process.execPath, [script, at], { stdio: ["ignore", "pipe", "inherit"] });
      const exit = once(child, "exit");
      // Somewhere inside a put: 6 MB take longer than that to write.
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        begun += chunk.toString().split("\n").length - 1;
        if (begun % 3 !== 0) continue;
        await sleep(restMs);
        break;
      }
      child.kill("SIGKILL");
      assert.deepEqual(await exit, [null, "SIGKILL"]);
    }
    const store = fileStore(at);
    let whole = 0;
    for await (const key of store.list("")) {
      const bytes = (await store.get(key))!;
      const message = `${key}: ${bytes.length} bytes`;
      assert.equal(bytes.subarray(0, 64).toString(), contentHash(bytes.subarray(64)), message);
      whole++;
    }
    assert.ok(whole >= 4 && whole <= begun, `${whole} of ${begun}`);
    assert.equal(await store.putIfAbsent("after", Buffer.from("x")), true);
  });
});

describe("contentHash", () => {
  it("is SHA-256 in hex", () => {
    // FIPS 180-2, appendix B.1.
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.equal(contentHash("abc"), abc);
    assert.equal(contentHash(Buffer.from("abc")), abc);
  });
});
