import type { Command } from "commander";
import type { RunRecord, RunRequest, RunState, Tally } from "../../shared/backfill/runs.ts";
import { InvalidInput } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { datasets } from "../../shared/catalogue.ts";
import { formatCount, formatDuration, secondMs } from "../../shared/units.ts";
import { settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { textTable } from "../table.ts";
import { openTerminal } from "../terminal.ts";
import { datasetStatus, showDataset } from "./dataset-status.ts";

/** How one run stands. */
interface RunStatus {
  readonly run_id: string;
  readonly dataset: string;
  readonly source: string;
  readonly executor: string;
  readonly created_at: string;
  readonly code_version: string;
  /** `ordered`: its coordinator has not begun. `dead`: it says that it runs, and nobody coordinates it. */
  readonly state: RunState["state"] | "ordered" | "dead";
  readonly reason: string;
  readonly units: number;
  readonly done: number;
  readonly failed: number;
  readonly rate_per_second: number;
  readonly estimate: RunRecord["estimate"];
  readonly actuals: RunState["actuals"] | null;
  readonly coordinator: { readonly holder: string; readonly left_ms: number } | null;
}

/** `quarry runs`, `status`, `watch`, `cancel`, `retry` */
export function addRuns(program: Command, context: CommandContext): void {
  program
    .command("runs")
    .description("list the runs of backfills, the latest last")
    .action(async (_: unknown, command: Command) => {
      const { objects, flags } = await open(command);
      const { runIds } = await import("../../shared/backfill/runs.ts");
      const all = [];
      for (const id of await runIds(objects)) all.push(await statusOf(objects, id));
      openTerminal(true).print(flags.json ? JSON.stringify(all, null, 2) : showRuns(all));
    });
  program
    .command("status")
    .description("say how a run stands, or a dataset")
    .argument("[run]", "id of the run, or name of the dataset; the latest run by default")
    .action(async (asked: string | undefined, _: unknown, command: Command) => {
      const { objects, flags } = await open(command);
      if (asked !== undefined && asked in datasets) {
        const status = await datasetStatus(objects, asked);
        openTerminal(true).print(
          flags.json ? JSON.stringify(status, null, 2) : showDataset(asked, status),
        );
        return;
      }
      const status = await statusOf(objects, asked ?? (await latest(objects)));
      openTerminal(true).print(flags.json ? JSON.stringify(status, null, 2) : showStatus(status));
    });
  program
    .command("watch")
    .description("follow a run until it is over")
    .argument("[run]", "id of the run; the latest by default")
    .action(async (asked: string | undefined, _: unknown, command: Command) => {
      const { objects, flags } = await open(command);
      await watch(objects, asked ?? (await latest(objects)), flags, context.signal);
    });
  program
    .command("cancel")
    .description("stop a run: units under way end, what is done is kept")
    .argument("<run>", "id of the run")
    .action(async (runId: string, _: unknown, command: Command) => {
      const { objects } = await open(command);
      const { getRun, requestCancel } = await import("../../shared/backfill/runs.ts");
      await getRun(objects, runId);
      await requestCancel(objects, runId, "by quarry cancel");
      openTerminal(true).print(`Run ${runId} is told to stop.`);
    });
  program
    .command("retry")
    .description("buy what a run left or failed to buy, as a new run")
    .argument("<run>", "id of the run")
    .action(async (runId: string, _: unknown, command: Command) => {
      const { objects, flags } = await open(command);
      const { retry } = await import("./retry.ts");
      await retry(runId, objects, flags, context);
    });
}

async function open(command: Command): Promise<{ objects: ObjectStore; flags: CommonFlags }> {
  const flags = command.optsWithGlobals<CommonFlags>();
  const { openObjects } = await import("../../shared/objects/open-objects.ts");
  return { objects: await openObjects(settingsOf(flags)), flags };
}

async function latest(objects: ObjectStore): Promise<string> {
  const { runIds } = await import("../../shared/backfill/runs.ts");
  const id = (await runIds(objects)).at(-1);
  if (id !== undefined) return id;
  throw new InvalidInput(
    `There is no run in ${objects.location}: "quarry backfill prices" begins one.`,
  );
}

async function statusOf(objects: ObjectStore, runId: string): Promise<RunStatus> {
  const [{ coordinatorKey, getRequest, getRun, isOrdered, stateOf, talliesOf }, { holderOf }] =
    await Promise.all([
      import("../../shared/backfill/runs.ts"),
      import("../../shared/backfill/lease.ts"),
    ]);
  if (await isOrdered(objects, runId)) {
    return orderedStatus(runId, await getRequest(objects, runId));
  }
  const run = await getRun(objects, runId);
  const [state, tallies, holder] = await Promise.all([
    stateOf(objects, runId),
    talliesOf(objects, runId),
    holderOf(objects, coordinatorKey(runId)),
  ]);
  const sum = (pick: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + pick(tally), 0);
  const running = state?.state === "running";
  const alive = holder !== undefined && holder.alive;
  return {
    run_id: runId,
    dataset: run.dataset,
    source: run.source,
    executor: run.executor,
    created_at: run.createdAt,
    code_version: run.codeVersion,
    state: running && !alive ? "dead" : (state?.state ?? "dead"),
    reason: state?.reason ?? "",
    units: run.units.length,
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    rate_per_second: running ? sum(({ ratePerSecond }) => ratePerSecond) : 0,
    estimate: run.estimate,
    actuals: running ? null : (state?.actuals ?? null),
    coordinator: alive ? { holder: holder.holder, left_ms: Math.round(holder.leftMs) } : null,
  };
}

/** A run whose coordinator was ordered and has not begun. */
function orderedStatus(runId: string, { dataset, source }: RunRequest): RunStatus {
  return {
    run_id: runId,
    dataset,
    source,
    executor: "aws-batch",
    created_at: "",
    code_version: "",
    state: "ordered",
    reason: "",
    units: 0,
    done: 0,
    failed: 0,
    rate_per_second: 0,
    estimate: {},
    actuals: null,
    coordinator: null,
  };
}

function showRuns(runs: readonly RunStatus[]): string {
  if (runs.length === 0) return "No runs.";
  return textTable<RunStatus>(
    [
      { head: "run", cell: ({ run_id }) => run_id },
      { head: "dataset", cell: ({ dataset }) => dataset },
      { head: "on", cell: ({ executor }) => executor },
      { head: "state", cell: ({ state }) => state },
      { head: "units", cell: ({ units }) => formatCount(units), right: true },
      { head: "done", cell: ({ done }) => formatCount(done), right: true },
      { head: "failed", cell: ({ failed }) => formatCount(failed), right: true },
      { head: "reason", cell: ({ reason }) => reason },
    ],
    runs,
  );
}

function showStatus(status: RunStatus): string {
  if (status.state === "ordered") {
    return `Run ${status.run_id} was ordered; its coordinator has not begun.`;
  }
  const { units, done, failed, rate_per_second: rate, actuals } = status;
  const left = Math.max(0, units - done - failed);
  return [
    `Run ${status.run_id} (${status.dataset} from ${status.source}, on ${status.executor}, code ${status.code_version}) of ${status.created_at}: ${status.state}${status.reason ? `, ${status.reason}` : ""}.`,
    `${formatCount(done)} of ${formatCount(units)} units done, ${formatCount(failed)} failed, ${formatCount(left)} left${rate > 0 ? `; up to ${rate.toFixed(1)} requests/s, ${formatDuration((left / rate) * secondMs)} to go` : ""}.`,
    ...(actuals
      ? [
          `It took ${formatCount(actuals.requests)} requests, ${formatDuration(actuals.seconds * secondMs)}, ${actuals.vcpuSeconds.toFixed(1)} vCPU-seconds, $${actuals.dollars.toFixed(2)}.`,
        ]
      : []),
    ...(status.state === "dead"
      ? [`Nobody works on it any more; go on with "quarry retry ${status.run_id}".`]
      : []),
  ].join("\n");
}

/** Between two looks at a run: often on a terminal, a line a minute elsewhere. */
async function watch(
  objects: ObjectStore,
  runId: string,
  flags: CommonFlags,
  signal: AbortSignal,
): Promise<void> {
  const { systemClock } = await import("../../shared/clock.ts");
  const terminal = openTerminal(flags.json === true);
  const first = await statusOf(objects, runId);
  const task = terminal.progress.start("fetch units", first.units);
  let shown = 0;
  for (;;) {
    const status = await statusOf(objects, runId);
    const over = status.done + status.failed;
    if (over > shown) task.advance(over - shown);
    shown = Math.max(shown, over);
    if (status.state !== "running" && status.state !== "ordered") {
      task.end();
      terminal.print(flags.json ? JSON.stringify(status, null, 2) : showStatus(status));
      return;
    }
    await systemClock.sleep(secondMs, signal);
  }
}
