import assert from "node:assert/strict";
import { return_on_assets } from "../../../shared/factors/library/return-on-assets.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("return_on_assets", () => {
  // 15 on the 300 there were.
  it("is the year's earnings on what it began with", () => {
    assertClose(atOneSession(return_on_assets, { net_income_ttm: 15, assets_year_ago: 300 }), 0.05);
  });

  it("has no value where the assets of a year ago are not known", () => {
    assert.ok(
      Number.isNaN(atOneSession(return_on_assets, { net_income_ttm: 15, assets_year_ago: NaN })),
    );
  });
});
