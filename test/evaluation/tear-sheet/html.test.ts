import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { embeddedJson, embeddedScript } from "../../../shared/evaluation/tear-sheet/embed.ts";
import { html, trusted } from "../../../shared/evaluation/tear-sheet/html.ts";

const attack = `<img src=x onerror=alert(1)> "it's" & more`;

describe("markup", () => {
  it("escapes text, between tags and in attributes", () => {
    assert.equal(
      html`<p title="${attack}">${attack}</p>`.toString(),
      '<p title="&lt;img src=x onerror=alert(1)&gt; &quot;it&#39;s&quot; &amp; more">' +
        "&lt;img src=x onerror=alert(1)&gt; &quot;it&#39;s&quot; &amp; more</p>",
    );
  });

  it("keeps markup, joins lists, and leaves nothing of what is not there", () => {
    const items = ["a<b", html`<b>c</b>`, trusted("<i>d</i>")];
    assert.equal(
      html`${items}${undefined}${null}${false}${0}`.toString(),
      "a&lt;b<b>c</b><i>d</i>0",
    );
  });
});

describe("what stands inside a script element", () => {
  it("as data can't close it, and reads back the same", () => {
    const value = { name: `</script><!-- ${attack} \u2028\u2029` };
    const text = embeddedJson(value);
    assert.doesNotMatch(text, /[<\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), value);
  });

  it("as code can't close it, and means the same", () => {
    const code = `result = ["</script>", "</SCRIPT >", "<!--", /<\\/script/.test("</script")]`;
    const embedded = embeddedScript(code);
    assert.doesNotMatch(embedded, /<\/script|<!--/i);
    const context = { result: [] as unknown[] };
    runInNewContext(embedded, context);
    assert.deepEqual([...context.result], ["</script>", "</SCRIPT >", "<!--", true]);
  });
});
