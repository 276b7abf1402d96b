import assert from "node:assert/strict";
import { join } from "node:path";
import { quarry } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("quarry backfill news", () => {
  const folder = useTempFolder();

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
