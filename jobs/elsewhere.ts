import { createHash } from "node:crypto";
import type { WorkOrder } from "../shared/backfill/executors/executor.ts";
import { jobs } from "../shared/catalogue.ts";
import type { Elsewhere } from "./lambda.ts";

/**
 * What Lambda hands over, as one job of Batch: on demand, as nobody waits to order it again. The same work has the same name,
 * so that one whose reply was lost is found; two of them are harmless, as a file's content is taken in once.
 */
export function orderElsewhere({ job, args }: Elsewhere): WorkOrder {
  const name = createHash("sha256")
    .update(JSON.stringify([job, args]))
    .digest("hex")
    .slice(0, 16);
  // Each may do on Batch what it may do on Lambda.
  const of = job === "read report" ? "read-report" : "inbox";
  return {
    runId: "inbox",
    name,
    job: of,
    command: ["job", job, JSON.stringify(args), "--json"],
    children: 1,
    ...jobs[of],
    spot: false,
    share: "inbox",
    tags: { "quarry:run": `inbox-${name}`, "quarry:job": job.replaceAll(" ", "-") },
  };
}
