import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { InvalidInput } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { collect } from "../support/collect.ts";

/** A store, and another on the same place as a second process would open it. */
export interface StorePair {
  readonly store: ObjectStore;
  readonly other: ObjectStore;
}

/** All keys with a prefix. */
export const keysOf = (store: ObjectStore, prefix: string): Promise<string[]> =>
  collect(store.list(prefix));

/**
 * What every object store does, whatever it stands on. Call it in the body of a `describe`.
 *
 * @param open an empty place, each time another
 */
export function keepsObjectStoreContract(open: () => StorePair): void {
  it("gives back the bytes it was given, empty ones too, to whoever opens it", async () => {
    const { store, other } = open();
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
    assert.equal(await store.putIfAbsent("a/b/c.bin", bytes), true);
    assert.equal(await store.putIfAbsent("empty", new Uint8Array()), true);
    assert.deepEqual(new Uint8Array((await other.get("a/b/c.bin"))!), bytes);
    assert.equal((await other.get("empty"))!.length, 0);
  });

  it("has nothing under a key that was never put, nor under a part of one", async () => {
    const { store } = open();
    assert.equal(await store.get("a/b"), undefined);
    await store.putIfAbsent("a/b/c", Buffer.from("1"));
    for (const key of ["a/b", "a/b/c/d", "x"]) {
      assert.equal(await store.get(key), undefined);
      assert.equal(await store.read(key), undefined);
    }
    assert.equal(await store.get("a/b/x"), undefined);
    assert.deepEqual(await keysOf(store, "x"), []);
  });

  it("never changes an object: a second put says so and writes nothing", async () => {
    const { store, other } = open();
    assert.equal(await store.putIfAbsent("k", Buffer.from("first")), true);
    assert.equal(await other.putIfAbsent("k", Buffer.from("second")), false);
    assert.equal((await store.get("k"))!.toString(), "first");
  });

  it("lets exactly one of 24 concurrent writers win, and keeps the winner's bytes", async () => {
    const { store, other } = open();
    for (const key of ["claims/1", "claims/2", "claims/3"]) {
      const written = await Promise.all(
        Array.from({ length: 24 }, (_, at) =>
          (at % 2 === 0 ? store : other).putIfAbsent(key, Buffer.from(`writer ${at}`)),
        ),
      );
      assert.equal(written.filter(Boolean).length, 1);
      assert.equal((await store.get(key))!.toString(), `writer ${written.indexOf(true)}`);
    }
    assert.deepEqual(await keysOf(store, ""), ["claims/1", "claims/2", "claims/3"]);
  });

  it("reads bytes with their version, their time and the store's clock", async () => {
    const { store, other } = open();
    await store.putIfAbsent("k", Buffer.from("first"));
    const read = (await other.read("k"))!;
    assert.equal(read.bytes.toString(), "first");
    assert.equal((await store.read("k"))!.version, read.version);
    // Both stores under test stand on this machine; S3 tells time in whole seconds.
    assert.ok(Math.abs(read.nowMs - Date.now()) < 5_000, `${read.nowMs}`);
    assert.ok(Math.abs(read.nowMs - read.storedMs) < 5_000, `${read.storedMs}`);
  });

  it("replaces what was read, and its version with it", async () => {
    const { store, other } = open();
    await store.putIfAbsent("k", Buffer.from("first"));
    const first = (await store.read("k"))!;
    assert.equal(await other.replace("k", Buffer.from("second"), first.version), true);
    const second = (await store.read("k"))!;
    assert.equal(second.bytes.toString(), "second");
    assert.notEqual(second.version, first.version);
    assert.equal(await store.replace("k", new Uint8Array(), second.version), true);
    assert.equal((await other.get("k"))!.length, 0);
    assert.deepEqual(await keysOf(store, ""), ["k"]);
  });

  it("refuses a version that is no longer there, and writes nothing", async () => {
    const { store, other } = open();
    await store.putIfAbsent("k", Buffer.from("first"));
    const { version } = (await store.read("k"))!;
    await other.replace("k", Buffer.from("second"), version);
    assert.equal(await store.replace("k", Buffer.from("third"), version), false);
    assert.equal((await store.get("k"))!.toString(), "second");
  });

  it("replaces nothing where nothing is", async () => {
    const { store } = open();
    await store.putIfAbsent("a/k", Buffer.from("x"));
    const { version } = (await store.read("a/k"))!;
    for (const key of ["b", "a", "a/k/b"]) {
      assert.equal(await store.replace(key, Buffer.from("y"), version), false);
    }
    assert.deepEqual(await keysOf(store, ""), ["a/k"]);
  });

  it("lets exactly one of 24 that replace the same version win, and keeps the winner's bytes", async () => {
    const { store, other } = open();
    await store.putIfAbsent("lease", Buffer.from("nobody"));
    for (let round = 1; round <= 3; round++) {
      const { version } = (await store.read("lease"))!;
      const written = await Promise.all(
        Array.from({ length: 24 }, (_, at) =>
          (at % 2 === 0 ? store : other).replace("lease", Buffer.from(`${round}: ${at}`), version),
        ),
      );
      assert.equal(written.filter(Boolean).length, 1);
      assert.equal((await store.get("lease"))!.toString(), `${round}: ${written.indexOf(true)}`);
    }
  });

  it("loses no step of a counter that 8 raise at once", async () => {
    const { store, other } = open();
    await store.putIfAbsent("count", Buffer.from("0"));
    const steps = 5;
    const raise = async (one: ObjectStore): Promise<void> => {
      for (let done = 0; done < steps;) {
        const { bytes, version } = (await one.read("count"))!;
        if (await one.replace("count", Buffer.from(`${Number(bytes) + 1}`), version)) done++;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, at) => raise(at % 2 === 0 ? store : other)));
    assert.equal((await store.get("count"))!.toString(), `${8 * steps}`);
  });

  it("lists keys in the order of their characters, folders or not", async () => {
    const { store } = open();
    // As S3 does: "-" and "." come before "/", which comes before digits and letters.
    const sorted = ["a-b", "a.b/c", "a/b-c", "a/b.d/e", "a/b/c", "a0", "a=3D/x", "aa/1"];
    for (const key of sorted.toReversed()) await store.putIfAbsent(key, Buffer.from("x"));
    assert.deepEqual(await keysOf(store, ""), sorted);
  });

  it("lists what begins with a prefix, which may end inside a name", async () => {
    const { store } = open();
    for (const key of ["led/1/a", "led/10/a", "led/2/a", "ledger/1", "other"]) {
      await store.putIfAbsent(key, Buffer.from("x"));
    }
    assert.deepEqual(await keysOf(store, "led/1"), ["led/1/a", "led/10/a"]);
    assert.deepEqual(await keysOf(store, "led/1/"), ["led/1/a"]);
    assert.deepEqual(await keysOf(store, "led"), ["led/1/a", "led/10/a", "led/2/a", "ledger/1"]);
    assert.deepEqual(await keysOf(store, "led/1/a"), ["led/1/a"]);
    assert.deepEqual(await keysOf(store, "led/3"), []);
  });

  it("lists any set of keys sorted, whatever the prefix", async () => {
    const part = fc
      .stringMatching(/^[ab.=_-][ab01.=_-]{0,2}$/)
      .filter((text) => !/^\.\.?$/.test(text));
    // No key is the folder of another: that a file system can't hold.
    const key = fc.tuple(part, part).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 8 }), key, async (keys, prefix) => {
        const { store } = open();
        for (const one of keys) await store.putIfAbsent(one, Buffer.from(one));
        for (const start of ["", prefix, prefix.slice(0, 1)]) {
          const expected = keys.filter((one) => one.startsWith(start)).sort();
          assert.deepEqual(await keysOf(store, start), expected);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("refuses a key that is none, whatever is asked of it", async () => {
    const { store } = open();
    const bad = [
      "",
      "/a",
      "a/",
      "a//b",
      "../a",
      "a/../b",
      "a/./b",
      ".",
      "a b",
      "a\\b",
      "ä",
      "a\0",
      "^GSPC",
    ];
    for (const key of bad) {
      const refusal = {
        constructor: InvalidInput,
        message: /^Object key: expected letters, digits/,
      };
      await assert.rejects(store.putIfAbsent(key, Buffer.from("x")), refusal, JSON.stringify(key));
      await assert.rejects(store.get(key), refusal);
      await assert.rejects(store.read(key), refusal);
      await assert.rejects(store.replace(key, Buffer.from("x"), "version"), refusal);
      await assert.rejects(async () => store.localPath(key), refusal);
    }
    assert.deepEqual(await keysOf(store, ""), []);
  });

  it("lists what it holds, whatever its name ends in", async () => {
    const { store } = open();
    for (const key of ["a.tmp", "b.json.tmp", "c.gz"])
      await store.putIfAbsent(key, Buffer.from("x"));
    assert.deepEqual(await keysOf(store, ""), ["a.tmp", "b.json.tmp", "c.gz"]);
  });

  it("has a file on this machine for each object", async () => {
    const { store } = open();
    await store.putIfAbsent("a/b", Buffer.from("bytes"));
    assert.equal(await readFile(await store.localPath("a/b"), "utf8"), "bytes");
  });
}
