import { board_age } from "../../../shared/factors/library/board-age.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("board_age", () => {
  it("is what the document says, until the next one", () => {
    assertClose(valuesOf(board_age, { text_board_age: Float64Array.of(63.5) })[0], 63.5);
  });
});
