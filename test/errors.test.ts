import assert from "node:assert/strict";
import { isDiskFull } from "../shared/errors.ts";

describe("a disk that is full", () => {
  const coded = (message: string, code: string): Error =>
    Object.assign(new Error(message), { code });

  it("is known by what the system says, and by what ClickHouse says", () => {
    assert.ok(isDiskFull(coded("ENOSPC: no space left on device, write", "ENOSPC")));
    assert.ok(isDiskFull(coded("EDQUOT: quota exceeded, write", "EDQUOT")));
    // As ClickHouse in process answered on a file system of 24 MB.
    assert.ok(isDiskFull(coded("Cannot reserve 1.00 MiB, not enough space. ", "243")));
    assert.ok(
      isDiskFull(
        new Error("Cannot write to file: , errno: 28, strerror: No space left on device: "),
      ),
    );
    assert.ok(isDiskFull(new Error("the load failed", { cause: coded("", "ENOSPC") })));
  });

  it("is not seen in other failures", () => {
    assert.ok(!isDiskFull(coded("ENOENT: no such file", "ENOENT")));
    assert.ok(!isDiskFull(coded("Memory limit exceeded", "241")));
    assert.ok(!isDiskFull("not enough space"));
    assert.ok(!isDiskFull(undefined));
  });
});
