import assert from "node:assert/strict";
import { FailureScript } from "../../shared/simulator/failure-script.ts";

describe("FailureScript", () => {
  it("fails one symbol a number of times, then no more", () => {
    const script = new FailureScript([{ fault: "down", when: "ABCD", times: 2 }]);
    const faults = ["ABCD", "WXYZ", "ABCD", "ABCD"].map((subject) => script.next(subject));
    assert.deepEqual(faults, ["down", undefined, "down", undefined]);
  });

  it("goes by rule over the number of the request, and by the first rule that is left", () => {
    const script = new FailureScript<string>([
      { fault: "third", when: (_, ordinal) => ordinal % 3 === 0, times: 1 },
      { fault: "any", when: (subject) => subject.startsWith("A") },
    ]);
    const faults = ["A", "B", "AB", "A", "B", "C"].map((subject) => script.next(subject));
    assert.deepEqual(faults, ["any", undefined, "third", "any", undefined, undefined]);
  });

  it("takes new rules while it runs, and forgets all", () => {
    const script = new FailureScript<string>();
    assert.equal(script.next("A"), undefined);
    script.add({ fault: "always" });
    assert.equal(script.next("A"), "always");
    script.clear();
    assert.equal(script.next("A"), undefined);
  });
});
