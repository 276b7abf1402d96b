import type { Command } from "commander";
import type { Facts, Finding } from "../../shared/backfill/doctor/rules.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import { datasets, jobs, type DatasetName } from "../../shared/catalogue.ts";
import { Failed } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { settingsOf, type CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";

interface Flags extends CommonFlags {
  readonly env?: string;
}

/** `quarry doctor [RUN]` */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("say what is wrong, and what to do about it")
    .argument("[run]", "id of a run whose jobs are looked at too")
    .option("--env <name>", "environment that was deployed, to look at Batch as well")
    .action(async (runId: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const [{ openObjects }, { getRun }, { examine }] = await Promise.all([
        import("../../shared/objects/open-objects.ts"),
        import("../../shared/backfill/runs.ts"),
        import("../../shared/backfill/doctor/rules.ts"),
      ]);
      const objects = await openObjects(settingsOf(flags));
      const run = runId === undefined ? undefined : await getRun(objects, runId);
      const there = await away(flags, runId);
      const vcpusWanted = run ? vcpusOf(run) : mostVcpus(there.environments);
      const findings = examine({ ...(await factsOf(objects)), ...there, vcpusWanted });
      openTerminal(true).print(flags.json ? JSON.stringify(findings, null, 2) : show(findings));
      if (findings.length > 0) throw new Failed(`${findings.length} things are wrong; see above.`);
    });
}

/** What all children of a run take at once. */
function vcpusOf({ dataset, children }: RunRecord): number {
  const spec = datasets[dataset as DatasetName] as (typeof datasets)[DatasetName] | undefined;
  return spec ? children * jobs[spec.job].vcpus : 0;
}

/** What the largest environment may take. */
function mostVcpus(environments: Facts["environments"] = []): number {
  return Math.max(0, ...environments.map(({ maxVcpus }) => maxVcpus));
}

/** What Batch says, where an environment is named. */
async function away({ env }: Flags, runId: string | undefined): Promise<Partial<Facts>> {
  if (env === undefined) return {};
  const [{ batchFacts }, { readDeployment }] = await Promise.all([
    import("../../shared/backfill/executors/aws-batch.ts"),
    import("../../shared/backfill/executors/aws-account.ts"),
  ]);
  return batchFacts(await readDeployment(env), runId);
}

/** What the object store says. */
async function factsOf(objects: ObjectStore): Promise<Facts> {
  const [{ holderOf }, { coordinatorKey, runIds, stateOf }] = await Promise.all([
    import("../../shared/backfill/lease.ts"),
    import("../../shared/backfill/runs.ts"),
  ]);
  // The store's clock comes with an answer, so there must be something to read.
  const probe = "doctor/probe.json";
  await objects.putIfAbsent(probe, Buffer.from("{}\n"));
  const read = await objects.read(probe);
  const nowMs = Date.now();
  const lanes: Facts["lanes"][number][] = [];
  for await (const key of objects.list("lanes/")) {
    const held = await holderOf(objects, key);
    if (held) lanes.push({ key, ...held });
  }
  const deadRuns: string[] = [];
  for (const id of await runIds(objects)) {
    if ((await stateOf(objects, id))?.state !== "running") continue;
    const coordinator = await holderOf(objects, coordinatorKey(id));
    if (coordinator?.alive !== true) deadRuns.push(id);
  }
  return {
    nowMs,
    clockSkewMs: (read?.nowMs ?? nowMs) - nowMs,
    lanes,
    deadRuns,
    environments: [],
    jobs: [],
    quotas: [],
    vcpusWanted: 0,
  };
}

function show(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing is wrong.";
  return findings
    .map(({ rule, sentence, remedy }) => `${rule}: ${sentence}\n  ${remedy}`)
    .join("\n");
}
