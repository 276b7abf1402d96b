import assert from "node:assert/strict";
import { verdictOf, type VerdictFacts } from "../../../shared/evaluation/tear-sheet/verdict.ts";

const horizons = [1, 5, 21];
const facts: VerdictFacts = {
  horizons,
  tested: horizons,
  passed: horizons,
  primary: 5,
  fdr: { q: 0.05, trials: 56, trials_from: "warehouse" },
  expectedSign: 1,
  foundSign: 1,
  grossSharpe: 1.02,
  netSharpe: 0.84,
  costBps: 10,
};
const sentence = (change: Partial<VerdictFacts>): string =>
  verdictOf({ ...facts, ...change }).sentence.replaceAll("\u00a0", " ");

describe("the verdict", () => {
  it("says all in one sentence when all is well", () => {
    assert.equal(
      sentence({}),
      "Passes at all 3 horizons under false-discovery control (q = 5%) among 56 trials recorded in the warehouse; " +
        "high values earned more, as expected; " +
        "held 5 sessions, it survives a cost of 10 bp a side (Sharpe ratio 0.84 net, 1.02 gross).",
    );
  });

  it("names the horizons that pass and those that don't", () => {
    assert.match(
      sentence({ passed: [5, 21] }),
      /^Passes at 5 and 21 sessions, but not at 1, under/,
    );
    assert.match(sentence({ passed: [1] }), /^Passes at 1 session, but not at 5 and 21, under/);
    assert.match(sentence({ horizons: [5], passed: [5] }), /^Passes at 5 sessions under/);
    assert.equal(verdictOf({ ...facts, passed: [5, 21] }).label, "Passes 2 of 3");
  });

  it("says that a failure can't be told from luck", () => {
    const verdict = verdictOf({ ...facts, passed: [] });
    assert.equal(verdict.standing, "fails");
    assert.match(
      verdict.sentence,
      /^Does not pass at any horizon under .*: what it shows can’t be told from luck;/,
    );
    assert.match(sentence({ horizons: [1], passed: [] }), /^Does not pass at 1 session under/);
  });

  it("says where the number of trials comes from", () => {
    const from = (trials: number, trials_from: VerdictFacts["fdr"]["trials_from"]): string =>
      sentence({ fdr: { q: 0.1, trials, trials_from } });
    assert.match(from(1, "warehouse"), /\(q = 10%\) among 1 trial recorded in the warehouse;/);
    assert.match(from(2000, "--trials"), /among 2,000 trials, the number given by --trials;/);
    assert.match(from(3, "this run only"), /among 3 trials, this run’s only, so that earlier/);
  });

  it("holds a sign against the declared one only", () => {
    assert.equal(verdictOf({ ...facts, foundSign: -1 }).standing, "passes-wrong-sign");
    assert.match(sentence({ foundSign: -1 }), /high values earned less, the opposite of what was/);
    assert.equal(verdictOf({ ...facts, expectedSign: -1, foundSign: -1 }).standing, "passes");
    assert.match(sentence({ expectedSign: -1, foundSign: -1 }), /earned less, as expected;/);
    assert.equal(verdictOf({ ...facts, foundSign: 0 }).label, "Passes, mixed sign");
    assert.match(sentence({ foundSign: 0 }), /not the same everywhere, where plus was expected;/);
    const own = verdictOf({ ...facts, expectedSign: undefined, foundSign: -1 });
    assert.equal(own.standing, "passes");
    assert.match(own.sentence, /earned less, and no sign was declared beforehand;/);
  });

  it("says whether it survives cost", () => {
    assert.match(sentence({ netSharpe: -0.3 }), /it does not survive a cost of 10 bp a side \(/);
    assert.match(
      sentence({ grossSharpe: -0.1, netSharpe: -0.5 }),
      /held 5 sessions, it loses before cost \(Sharpe ratio −0\.50 net, −0\.10 gross\)\.$/,
    );
    assert.match(
      sentence({ netSharpe: null }),
      /its portfolio held 5 sessions has no Sharpe ratio\.$/,
    );
  });

  it("says nothing where nothing was tested", () => {
    const verdict = verdictOf({ ...facts, tested: [], passed: [] });
    assert.equal(verdict.standing, "undefined");
    assert.match(verdict.sentence, /^Nothing can be said/);
  });
});
