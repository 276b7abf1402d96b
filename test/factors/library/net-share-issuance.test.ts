import assert from "node:assert/strict";
import { net_share_issuance } from "../../../shared/factors/library/net-share-issuance.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("net_share_issuance", () => {
  // From 100 to 110 shares: log(1.1) = 0.0953101798.
  it("is the logarithm of the growth", () => {
    assertClose(
      atOneSession(net_share_issuance, {
        shares_basic_annual: 110,
        shares_basic_annual_year_ago: 100,
      }),
      0.0953101798043249,
    );
  });

  it("has no value where the year before is not known", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(net_share_issuance, {
          shares_basic_annual: 110,
          shares_basic_annual_year_ago: NaN,
        }),
      ),
    );
  });
});
