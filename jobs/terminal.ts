import { noProgress, type Progress } from "../shared/progress.ts";
import { formatCount, formatDuration, minuteMs } from "../shared/units.ts";

/** Where a command writes: stdout for its result, stderr for how it goes. */
export interface Terminal {
  /** Writes a result, and nothing else, to stdout. */
  readonly print: (text: string) => void;
  readonly progress: Progress;
}

/** Lines that a piece of work shows where there is no terminal; one a minute where it takes longer. */
const steps = 4;

/** Text of articles, filings and models as it may go to a terminal: what would move its cursor, or worse, is left out. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u009b]/g, "");
}

/**
 * Progress bars on a terminal, a few plain lines elsewhere; all on stderr.
 *
 * @param quiet with `--json`, or in a test
 */
export function openTerminal(quiet: boolean): Terminal {
  const print = (text: string): void => {
    const plain = withoutControls(text);
    process.stdout.write(plain.endsWith("\n") ? plain : `${plain}\n`);
  };
  if (quiet) {
    return { print, progress: noProgress };
  }
  return { print, progress: process.stderr.isTTY ? bars() : lines() };
}

function bars(): Progress {
  return {
    start(label, total) {
      const loading = import("cli-progress").then(({ default: cliProgress }) => {
        const bar = new cliProgress.SingleBar({
          format: `  ${label.padEnd(20)} {bar} {value}/{total}  {duration_formatted}, {eta_formatted} to go{note}`,
          stream: process.stderr,
          hideCursor: true,
          barsize: 30,
          barCompleteChar: "█",
          barIncompleteChar: "░",
        });
        bar.start(total, 0, { note: "" });
        return bar;
      });
      let done = 0;
      return {
        advance(by = 1) {
          done += by;
          void loading.then((bar) => {
            bar.update(Math.min(done, total));
          });
        },
        note(text) {
          void loading.then((bar) => {
            bar.update({ note: text === "" ? "" : `, ${text}` });
          });
        },
        end() {
          void loading.then((bar) => {
            bar.update(total);
            bar.stop();
          });
        },
      };
    },
  };
}

function lines(): Progress {
  return {
    start(label, total) {
      const started = Date.now();
      let saidMs = started;
      let done = 0;
      let shown = 0;
      let more = "";
      const show = (text: string): void => {
        process.stderr.write(`  ${label}: ${text}\n`);
      };
      const showMinute = (nowMs: number): void => {
        saidMs = nowMs;
        const leftMs = ((nowMs - started) / done) * (total - done);
        const toGo = done > 0 ? `, ${formatDuration(leftMs)} to go` : "";
        show(`${formatCount(done)} of ${formatCount(total)}${toGo}${more && `, ${more}`}`);
      };
      return {
        advance(by = 1) {
          done += by;
          const step = Math.floor((done / total) * steps);
          const now = Date.now();
          const due = now - saidMs >= minuteMs;
          if (done >= total || (step <= shown && !due)) return;
          shown = Math.max(shown, step);
          if (due) {
            showMinute(now);
          } else {
            saidMs = now;
            show(`${formatCount(done)} of ${formatCount(total)}`);
          }
        },
        note(text) {
          more = text;
          // What stands still is told of too.
          const now = Date.now();
          if (now - saidMs >= minuteMs) showMinute(now);
        },
        end() {
          show(`${formatCount(done)} done in ${formatDuration(Date.now() - started)}`);
        },
      };
    },
  };
}
