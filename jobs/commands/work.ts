import type { Command } from "commander";
import { openLog } from "../../shared/log.ts";
import { settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";
import { datasetNamed } from "../datasets.ts";
import { openTerminal } from "../terminal.ts";

/** `quarry work RUN`: what a child of a run is; nobody types it. */
export function addWork(program: Command, { signal }: CommandContext): void {
  program
    .command("work", { hidden: true })
    .argument("<run>", "id of the run")
    .action(async (runId: string, _: unknown, command: Command) => {
      // The terminal that the run was started from may close: that is no matter of ours.
      process.removeAllListeners("SIGHUP").on("SIGHUP", () => undefined);
      const flags = command.optsWithGlobals<CommonFlags>();
      const settings = settingsOf(flags);
      const [{ openObjects }, { getRun }, { shardOf }, { workAsChild }] = await Promise.all([
        import("../../shared/objects/open-objects.ts"),
        import("../../shared/backfill/runs.ts"),
        import("../../shared/backfill/shard.ts"),
        import("../../shared/backfill/child.ts"),
      ]);
      const objects = await openObjects(settings);
      const run = await getRun(objects, runId);
      const tally = await workAsChild(
        await datasetNamed(run.dataset),
        run,
        shardOf(process.env),
        { settings, objects, log: openLog(settings.text("logLevel")), now: Date.now },
        signal,
      );
      openTerminal(true).print(JSON.stringify(tally));
    });
}
