import { pino, type Logger } from "pino";

/** The log: one JSON line an event, to stderr. */
export type Log = Logger;

/**
 * Opens the log on stderr, synchronously, so that the last line before a kill is there.
 *
 * @param level `trace` to `fatal`, or `silent`
 */
export function openLog(level: string): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, pino.destination({ fd: 2, sync: true }));
}
