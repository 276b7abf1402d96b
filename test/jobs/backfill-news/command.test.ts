import assert from "node:assert/strict";
import { join } from "node:path";
import { quarry } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("quarry backfill news", () => {
  const folder = useTempFolder();

  it("can be planned before anything is there", async () => {
    const { code, stdout } = await quarry(["plan", "news", "--tickers", "AAPL,MSFT", "--json"], {
      home: join(folder(), "nothing"),
    });
    assert.equal(code, 0);
    const { estimate } = JSON.parse(stdout) as { estimate: { requests: number } };
    assert.equal(estimate.requests, 2);
  });

  it("without a key says so, and ends", async function () {
    this.timeout(20_000);
    const { code, stderr } = await quarry(["backfill", "news", "--tickers", "AAPL"], {
      home: join(folder(), "home"),
      environment: { TAVILY_API_KEY: "" },
    });
    assert.equal(code, 2);
    assert.match(stderr, /TAVILY_API_KEY is not set: Tavily serves nobody without a key/);
  });
});
