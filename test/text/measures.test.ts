import assert from "node:assert/strict";
import {
  cosine,
  fogIndex,
  syllables,
  toneBalance,
  wordCounts,
} from "../../shared/text/filing/measures.ts";
import { proxyOf } from "../../shared/text/local/proxy.ts";
import { localModel } from "../../shared/text/local/local-model.ts";
import { sentimentOf } from "../../shared/text/local/sentiment.ts";
import { dataBlock } from "../../shared/text/prompt.ts";
import { noSignal } from "../support/job-deps.ts";
import { recordedText } from "../support/recorded-data.ts";

describe("measures of a filing's text", () => {
  it("cosine: by hand", () => {
    // risk risk demand | risk demand demand: (2 x 1 + 1 x 2) / (sqrt(5) x sqrt(5))
    const a = wordCounts("Risk, risk and demand. 12".replace("and", ""));
    const b = wordCounts("risk demand DEMAND");
    assert.ok(Math.abs(cosine(a, b) - 4 / 5) < 1e-15);
    assert.equal(cosine(a, a), 1);
    assert.equal(cosine(a, wordCounts("sales")), 0);
    assert.ok(Number.isNaN(cosine(a, wordCounts(""))));
  });

  it("Gunning's fog: by hand", () => {
    // Ten sentences of ten words, of which one has three syllables: 0.4 x (10 + 10).
    const sentence = "We sell good ore and pay our staff each considerable.";
    assert.ok(Math.abs(fogIndex(Array(10).fill(sentence).join(" ")) - 8) < 1e-12);
    assert.ok(Number.isNaN(fogIndex(sentence)));
    assert.deepEqual(
      ["company", "made", "table", "uncertainty", "the"].map(syllables),
      [3, 1, 2, 4, 1],
    );
  });

  it("tone: between -1 and 1, and none where no word says anything", () => {
    assert.equal(toneBalance("strong strong strong"), 1);
    assert.equal(toneBalance("bankruptcy and fraud"), -1);
    assert.ok(Number.isNaN(toneBalance("The meeting is on Monday.")));
  });
});

describe("the local baseline", () => {
  it("weighs movement by what moves, negation, and intensity", () => {
    assert.ok(sentimentOf("Profit rose.") > 0.2);
    assert.ok(sentimentOf("Costs rose.") < -0.2);
    assert.ok(sentimentOf("The loss narrowed.") > 0.2);
    assert.ok(sentimentOf("Sales did not improve.") < 0);
    assert.ok(sentimentOf("Sales fell sharply.") < sentimentOf("Sales fell slightly."));
    assert.equal(sentimentOf("The meeting is on Monday."), 0);
    assert.equal(sentimentOf(""), 0);
    for (const text of ["good ".repeat(1000), "bad ".repeat(1000)]) {
      assert.ok(Math.abs(sentimentOf(text)) <= 1);
    }
  });

  it("beats the larger class on labelled sentences, and says so where it does not", function () {
    const lines = recordedText(this, "E_news/phrasebank/dev_40pct.txt")
      .replace(/^\ufeff/, "")
      .trim()
      .split(/\r?\n/)
      .map((line) => [line.slice(0, line.lastIndexOf("@")), line.slice(line.lastIndexOf("@") + 1)]);
    const classOf = (score: number): string =>
      score > 0.1 ? "positive" : score < -0.1 ? "negative" : "neutral";
    const right = lines.filter(([text, label]) => classOf(sentimentOf(text!)) === label).length;
    const neutral = lines.filter(([, label]) => label === "neutral").length;
    // 72.2 % against 60.8 %.
    assert.ok(right / lines.length > 0.7);
    assert.ok(right > neutral);
  });

  it("refuses other languages: what it can't read is not neutral", async () => {
    const ends = async (text: string): Promise<string> => {
      const reply = await localModel.ask(
        {
          task: "sentiment",
          prompt: { name: "", hash: "", before: "", after: "" },
          block: dataBlock(text),
          schema: {},
          maxTokens: 10,
        },
        noSignal,
      );
      return reply.end;
    };
    for (const text of [
      "Der Umsatz des Unternehmens stieg im dritten Quartal um zwölf Prozent auf 1,2 Milliarden Euro, teilte der Konzern am Dienstag mit.",
      "Le chiffre d'affaires de la société a augmenté de douze pour cent au troisième trimestre, selon un communiqué publié mardi.",
      "売上高は前年同期比で増加し、営業利益も改善した。会社は通期の見通しを引き上げた。",
    ]) {
      assert.equal(await ends(text), "refused", text);
    }
    assert.equal(
      await ends("Sales of the company rose by 12 percent in the third quarter."),
      "answered",
    );
  });

  it("finds ages and pay in the usual words and rows of a proxy statement", () => {
    const text = [
      "Jane Q. Doe, age 63, has been a director since 2012. John Smith, age 58, is our chief executive.",
      "Summary compensation table",
      "John Smith 2023 1,200,000 0 8,500,000 300,000 10,000,000",
      "John Smith 2022 1,100,000 0 7,500,000 300,000 8,900,000",
      "Mary Major 2023 700,000 — 2,000,000 25,000 2,725,000",
    ].join("\n");
    assert.deepEqual(proxyOf(text), {
      directors: [
        { name: "Jane Q. Doe", age: 63 },
        { name: "John Smith", age: 58 },
      ],
      executives: [
        { name: "John Smith", total_pay: 10_000_000 },
        { name: "Mary Major", total_pay: 2_725_000 },
      ],
    });
    assert.deepEqual(proxyOf("Nothing of the kind."), { directors: [], executives: [] });
  });
});
