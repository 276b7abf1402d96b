import { Command, CommanderError } from "commander";
import { isDiskFull, messageOf, QuarryError } from "../shared/errors.ts";
import { codeVersion } from "./code-version.ts";
import { addAudit } from "./commands/audit.ts";
import { addBackfill, addCoordinate } from "./commands/backfill.ts";
import { addCompute } from "./commands/compute.ts";
import { addConfig } from "./commands/config.ts";
import { addDemo } from "./commands/demo.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addFacts } from "./commands/facts.ts";
import { addExport } from "./commands/export.ts";
import { addFactors } from "./commands/factors.ts";
import { addImport } from "./commands/import.ts";
import { addJob } from "./commands/job.ts";
import { addLambda } from "./commands/lambda.ts";
import { addPdf } from "./commands/pdf.ts";
import { addPlan } from "./commands/plan.ts";
import { addPortfolios } from "./commands/portfolios.ts";
import { addPublish } from "./commands/publish.ts";
import { addQuery } from "./commands/query.ts";
import { addReadReport, addReport } from "./commands/report.ts";
import { addResearch } from "./commands/research.ts";
import { addRuns } from "./commands/runs.ts";
import { addScore } from "./commands/score.ts";
import { addSecrets } from "./commands/secrets.ts";
import { addSecurities } from "./commands/securities.ts";
import { addWork } from "./commands/work.ts";

// The only process entry. A command's heavy modules are loaded when it runs, so that help comes at once.

const stop = new AbortController();
let signalled: NodeJS.Signals | undefined;
let signalledMs = 0;
/** A terminal sends Ctrl-C to the launcher and to this process, and the launcher passes it on: that is one Ctrl-C. */
const sameKeyMs = 100;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    const sinceMs = Date.now() - signalledMs;
    // A second Ctrl-C does not wait.
    if (signalled === "SIGINT" && name === "SIGINT" && sinceMs > sameKeyMs) process.exit(130);
    signalled = name;
    signalledMs = Date.now();
    stop.abort();
  });
}
// The launcher's channel closes when the launcher dies, by whatever.
process.on("disconnect", () => {
  stop.abort();
});
process.channel?.unref();

const context = { signal: stop.signal };
const program = new Command("quarry")
  .description(
    "Mines equity factors: from raw vendor data to factors that survived an honest test.",
  )
  .version(codeVersion())
  .option("--json", "one JSON document on stdout, and nothing else there")
  .option("--home <folder>", "folder of the embedded warehouse and of the objects (QUARRY_HOME)")
  .showHelpAfterError("(add --help for what is expected)")
  .exitOverride();
addDemo(program, context);
addImport(program, context);
addPlan(program);
addBackfill(program, context);
addRuns(program, context);
addResearch(program);
addSecrets(program);
addDoctor(program);
addWork(program, context);
addCoordinate(program, context);
addLambda(program, context);
addJob(program, context);
addCompute(program, context);
addEvaluate(program, context);
addAudit(program, context);
addPortfolios(program, context);
addExport(program, context);
addPublish(program, context);
addScore(program, context);
addReadReport(program, context);
addReport(program);
addFactors(program);
addFacts(program);
addSecurities(program);
addPdf(program);
addQuery(program, context);
addConfig(program);

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = report(thrown);
}

/** Says on stderr what went wrong, in a sentence where it is the user's to mend. @returns the exit code */
function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (stop.signal.aborted) {
    process.stderr.write(
      "quarry: stopped; what was done is kept, and the same command goes on from there.\n",
    );
    return signalled === "SIGTERM" ? 143 : 130;
  }
  if (thrown instanceof QuarryError) {
    process.stderr.write(`quarry: ${thrown.message}\n`);
    return thrown.exitCode;
  }
  if (isDiskFull(thrown)) {
    process.stderr.write(
      "quarry: There is no room left on the disk: make some, and run the same command again; what was done is kept.\n",
    );
    return 1;
  }
  // Not foreseen: a mistake of ours, and the stack says where.
  process.stderr.write(
    `quarry: ${thrown instanceof Error ? (thrown.stack ?? "") : messageOf(thrown)}\n`,
  );
  return 1;
}
