import type { Warehouse } from "../warehouse.ts";

/** How a run ended, or that it has not. */
export type RunState = "running" | "done" | "failed" | "cancelled";

/** One run of a command. */
export interface Run {
  readonly runId: string;
  readonly command: string;
  readonly parameters: unknown;
  readonly codeVersion: string;
  readonly state: RunState;
  /** What the command reported; undefined while it runs. */
  readonly report: unknown;
  /** Ms since 1970 UTC. */
  readonly startedMs: number;
  readonly endedMs: number | undefined;
}

/** Writes down how a run stands; the latest word counts. */
export async function putRun(warehouse: Warehouse, run: Run): Promise<void> {
  await warehouse.command(
    `INSERT INTO runs SELECT {runId:String}, {command:String}, {parameters:String}, {codeVersion:String}, {state:String},
       {report:String}, fromUnixTimestamp64Milli({started:Int64}), 
       if({ended:Int64} = 0, NULL, fromUnixTimestamp64Milli({ended:Int64})), now64(3)`,
    {
      runId: run.runId,
      command: run.command,
      parameters: JSON.stringify(run.parameters),
      codeVersion: run.codeVersion,
      state: run.state,
      report: JSON.stringify(run.report ?? null),
      started: run.startedMs,
      ended: run.endedMs ?? 0,
    },
  );
}
