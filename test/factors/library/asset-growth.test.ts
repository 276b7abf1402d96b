import { asset_growth } from "../../../shared/factors/library/asset-growth.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("asset_growth", () => {
  // From 200 to 230.
  it("is the growth of a year", () => {
    assertClose(atOneSession(asset_growth, { assets: 230, assets_year_ago: 200 }), 0.15);
  });
});
