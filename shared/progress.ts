/** How a job shows how far it is: a bar on a terminal, plain lines elsewhere, nothing in a test. */
export interface Progress {
  /**
   * Begins a piece of work.
   *
   * @param label what is done, in a few words
   * @param total steps of the work
   */
  start(label: string, total: number): ProgressTask;
}

/** One piece of work that is under way. */
export interface ProgressTask {
  /** Says that more steps are done. */
  advance(steps?: number): void;
  /** Says more of how it goes, in a few words; the last word stands. */
  note(text: string): void;
  end(): void;
}

/** Shows nothing. */
export const noProgress: Progress = {
  start: () => ({ advance: () => undefined, note: () => undefined, end: () => undefined }),
};
