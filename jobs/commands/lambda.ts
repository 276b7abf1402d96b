import type { Command } from "commander";
import { InvalidInput } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import type { LambdaDeps } from "../lambda.ts";
import { minuteMs } from "../../shared/units.ts";
import { orderElsewhere } from "../elsewhere.ts";
import { settingsOf, type CommandContext, type CommonFlags } from "../run-job.ts";

/** Files of the inbox that are larger are Batch's: they take longer than a Lambda lives. */
const mostBytes = 200_000_000;
/** A report of some hundred pages is read in minutes; one that is mostly pictures is not. */
const mostReportBytes = 50_000_000;

/** Longest that handing work over may take. */
const submitMs = 2 * minuteMs;

/** `quarry lambda`: what the image runs on AWS Lambda; nobody types it. */
export function addLambda(program: Command, { signal }: CommandContext): void {
  program.command("lambda", { hidden: true }).action(async (_: unknown, command: Command) => {
    const address = process.env["AWS_LAMBDA_RUNTIME_API"];
    if (address === undefined) {
      throw new InvalidInput(
        "quarry lambda runs on AWS Lambda: AWS_LAMBDA_RUNTIME_API is not set.",
      );
    }
    const [{ serveLambda }, { handle }, deps] = await Promise.all([
      import("../lambda-runtime.ts"),
      import("../lambda.ts"),
      lambdaDeps(command.optsWithGlobals<CommonFlags>()),
    ]);
    await serveLambda(address, (event, invocation) => handle(event, invocation, deps), signal);
  });
}

async function lambdaDeps(flags: CommonFlags): Promise<LambdaDeps> {
  // Lambda's environment names secrets and does not hold them.
  const { readReferences } = await import("../../shared/backfill/executors/aws-account.ts");
  const references = await readReferences(process.env);
  const settings = settingsOf(flags, { ...process.env, ...references });
  const log = openLog(settings.text("logLevel"));
  const [{ openWarehouse }, { openObjects }, { noProgress }, { s3File }] = await Promise.all([
    import("../../shared/warehouse/connect.ts"),
    import("../../shared/objects/open-objects.ts"),
    import("../../shared/progress.ts"),
    import("../../shared/objects/s3.ts"),
  ]);
  return {
    async open(runId) {
      const [warehouse, objects] = await Promise.all([
        openWarehouse(settings),
        openObjects(settings),
      ]);
      const deps = {
        settings,
        log,
        progress: noProgress,
        now: Date.now,
        warehouse,
        objects,
        runId,
      };
      return { deps, close: () => warehouse.close() };
    },
    fetchObject: (bucket, key, path) => s3File(bucket, key, path),
    async submitElsewhere(elsewhere) {
      const [{ awsBatchExecutor }, { readDeployment }] = await Promise.all([
        import("../../shared/backfill/executors/aws-batch.ts"),
        import("../../shared/backfill/executors/aws-account.ts"),
      ]);
      const executor = awsBatchExecutor(await readDeployment(settings.text("environment")));
      try {
        await executor.submit(orderElsewhere(elsewhere), AbortSignal.timeout(submitMs));
      } finally {
        await executor.close();
      }
    },
    mostBytes,
    mostReportBytes,
  };
}
