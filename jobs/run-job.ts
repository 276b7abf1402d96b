import { randomBytes } from "node:crypto";
import { readSettings, type SettingName, type Settings } from "../shared/env.ts";
import { messageOf } from "../shared/errors.ts";
import { openLog } from "../shared/log.ts";
import { codeVersion } from "./code-version.ts";
import type { Deps } from "./deps.ts";
import type { RunState } from "../shared/warehouse/tables/runs.ts";
import { openTerminal } from "./terminal.ts";

/** What every command is told besides its own flags. */
export interface CommandContext {
  /** Aborted by SIGINT, SIGTERM, and the death of the process that started this one. */
  readonly signal: AbortSignal;
}

/** Flags that every command takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly home?: string;
  /** The object store of the environment that was deployed, where the command works on one. */
  readonly objects?: string;
}

/**
 * The configuration, flags included.
 *
 * @param environment `process.env` unless there is more to it
 */
export function settingsOf(
  flags: CommonFlags,
  environment?: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = { home: flags.home, objects: flags.objects } satisfies Partial<
    Record<SettingName, string | undefined>
  >;
  return readSettings(given, environment);
}

/** A name for a run: when it began, and a few random letters; fit for a table's name. */
export function newRunId(nowMs: number): string {
  const time = new Date(nowMs)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z$/g, "")
    .toLowerCase();
  return `r${time}${randomBytes(3).toString("hex")}`;
}

/** What a command does with its stores open. */
export interface JobCommand<Report> {
  /** As in the table of runs. */
  readonly name: string;
  /** What it was asked, for the table of runs. */
  readonly parameters: unknown;
  readonly job: (deps: Deps, signal: AbortSignal) => Promise<Report>;
  /** The report as people read it. */
  readonly show: (report: Report) => string;
  /** What `--json` prints; the report itself by default. */
  readonly json?: (report: Report) => unknown;
  /** Id of the run, where it was given out before; a new one by default. */
  readonly runId?: string | undefined;
  /** A failure that the report tells of, thrown after the report is printed. */
  readonly failureOf?: (report: Report) => Error | undefined;
}

/** Opens the stores, runs a job, writes down the run, prints the report, and closes everything whatever happens. */
export async function runJob<Report>(
  command: JobCommand<Report>,
  flags: CommonFlags,
  { signal }: CommandContext,
): Promise<void> {
  const settings = settingsOf(flags);
  const log = openLog(settings.text("logLevel"));
  const terminal = openTerminal(flags.json === true);
  const [{ openWarehouse }, { openObjects }, { recover }, { putRun }] = await Promise.all([
    import("../shared/warehouse/connect.ts"),
    import("../shared/objects/open-objects.ts"),
    import("../shared/warehouse/publish.ts"),
    import("../shared/warehouse/tables/runs.ts"),
  ]);
  const startedMs = Date.now();
  const runId = command.runId ?? newRunId(startedMs);
  const warehouse = await openWarehouse(settings);
  const run = {
    runId,
    command: command.name,
    parameters: command.parameters,
    codeVersion: codeVersion(),
    startedMs,
  };
  try {
    // What a process that died left here can be told from what a living one is at only where there is but one.
    if (warehouse.kind === "embedded") await recover(warehouse);
    await putRun(warehouse, { ...run, state: "running", report: undefined, endedMs: undefined });
    const end = (state: RunState, report: unknown): Promise<void> =>
      putRun(warehouse, { ...run, state, report, endedMs: Date.now() });
    let report: Report;
    try {
      report = await command.job(
        {
          settings,
          log,
          progress: terminal.progress,
          now: Date.now,
          warehouse,
          objects: await openObjects(settings),
          runId,
        },
        signal,
      );
    } catch (thrown) {
      // What can't be written down any more (a disk that is full) must not hide why.
      await end(signal.aborted ? "cancelled" : "failed", { error: messageOf(thrown) }).catch(
        (unwritten: unknown) => {
          log.warn({ unwritten: messageOf(unwritten) }, "how the run ended was not written down");
        },
      );
      throw thrown;
    }
    const failure = command.failureOf?.(report);
    await end(failure ? "failed" : "done", report);
    const shown = command.json ? command.json(report) : report;
    terminal.print(flags.json ? JSON.stringify(shown, null, 2) : command.show(report));
    if (failure) throw failure;
  } finally {
    await warehouse.close();
  }
}
