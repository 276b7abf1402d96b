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
    assert.equal(await store.get("a/b/c/d"), undefined);
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

  it("refuses a key that is none, in a put, a get and a path alike", async () => {
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
