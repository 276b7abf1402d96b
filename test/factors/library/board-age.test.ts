import { board_age } from "../../../shared/factors/library/board-age.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("board_age", () => {
  it("is what the document says, until the next one", () => {
    assertClose(overSessions(board_age, { text_board_age: [63.5] })[0], 63.5);
  });
});
