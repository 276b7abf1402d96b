import { resolve } from "node:path";
import { InvalidInput } from "../../../shared/errors.ts";
import { chosenModel } from "../../../shared/text/chosen-model.ts";
import type { ProviderName } from "../../../shared/text/providers.ts";
import { formatCount, plural } from "../../../shared/units.ts";
import type { ReportsReport } from "../../read-report/backfill.ts";
import type { ReportPlanRequest } from "../../read-report/plan.ts";
import { settingsOf } from "../../run-job.ts";
import { whole } from "../flags.ts";
import { addProviderFlags } from "../model-flags.ts";
import type { BackfillFlags, DatasetCommand } from "./dataset-command.ts";

interface Flags extends BackfillFlags {
  readonly provider?: ProviderName;
  readonly model?: string;
  readonly from: string;
  readonly concurrency: number;
}

/** `quarry backfill reports` */
export const reports: DatasetCommand<ReportPlanRequest, Flags, ReportsReport> = {
  dataset: "reports",
  description: "annual reports of a folder or a bucket, read by a language model",
  addFlags: (command) =>
    addProviderFlags(command)
      .requiredOption(
        "--from <where>",
        "folder or s3://bucket/prefix; .../reports/<TICKER>/<period-end>/[<published>/]name.pdf, or name.json beside",
      )
      .option("--concurrency <n>", "parts read at once, a process", whole(1, 100), 4),
  argsOf(flags) {
    const { from, on, concurrency, only, newestFirst } = flags;
    const isS3 = from.startsWith("s3://");
    if (on === "aws-batch" && !isS3) {
      throw new InvalidInput(
        `--from ${from}: expected s3://bucket/prefix with --on aws-batch: nobody there sees this machine's files.`,
      );
    }
    return Promise.resolve({
      // Whoever types it says which model it is: children are told.
      ...chosenModel({ provider: flags.provider, model: flags.model }, settingsOf(flags)),
      where: isS3 ? from : resolve(from),
      concurrency,
      only,
      newestFirst,
    });
  },
  show: (report) =>
    [
      `${plural(report.reports, "report")}: ${formatCount(report.read)} read, ${formatCount(report.held)} held already, ${formatCount(report.failed.length)} failed, ${formatCount(report.missing.length)} not read.`,
      `${plural(report.pages, "page")}, ${formatCount(report.bought)} questions asked now; ${plural(report.loaded, "report")} by ${report.score_set} came in${report.unlinked === 0 ? "" : `, ${formatCount(report.unlinked)} of companies that nothing trades under yet`}.`,
      ...Object.entries(report.states).map(([state, count]) => `  ${formatCount(count)} ${state}`),
      ...report.failed
        .slice(0, 10)
        .map(({ key, reason, message }) => `  ${key}: ${reason}: ${message}`),
    ].join("\n"),
};
