/**
 * Runs the command line given to it, in this process, and writes what it took as a line of JSON to file descriptor 3:
 * `{"seconds", "cpuSeconds", "peakMiB"}`.
 */
import { writeSync } from "node:fs";

const started = performance.now();
process.on("exit", () => {
  const seconds = (performance.now() - started) / 1000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const figures = {
    seconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMiB: maxRSS / 1024,
  };
  writeSync(3, `${JSON.stringify(figures)}\n`);
});
await import("../../jobs/cli.ts");
