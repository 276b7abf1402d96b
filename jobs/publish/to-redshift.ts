import { InvalidInput } from "../../shared/errors.ts";
import type { RedshiftSession } from "../../shared/lake/redshift/session.ts";
import {
  publishToRedshift,
  redshiftChange,
  type RedshiftDeps,
} from "../../shared/lake/redshift/publish-redshift.ts";
import { prepareTables, readState, transactionsOf } from "../../shared/lake/redshift/state.ts";
import { publishedTables, type PublishedName } from "../../shared/lake/tables.ts";
import { addPublishes } from "../../shared/warehouse/tables/publishes.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";
import type { PublishedReport } from "./job.ts";

/**
 * Brings tables into Redshift: each in one transaction that replaces the partitions that are others there.
 *
 * @throws InvalidInput where a table is another one there
 * @throws Busy when somebody else publishes meanwhile, or changes what is published
 */
export async function toRedshift(
  datasets: readonly PublishedName[],
  { asOfMs, dryRun }: { readonly asOfMs: number | undefined; readonly dryRun: boolean },
  session: RedshiftSession,
  { warehouse, settings, runId, now, progress }: Deps,
  signal: AbortSignal,
): Promise<PublishedReport[]> {
  const copyRole = settings.text("redshiftCopyRole");
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(copyRole)) {
    throw new InvalidInput(`REDSHIFT_COPY_ROLE: expected the ARN of a role, got "${copyRole}".`);
  }
  const { copyFolder } = await import("../../shared/lake/aws-copy-folder.ts");
  const folder = copyFolder(settings.text("redshiftCopyFolder"));
  const target = session.address;
  const deps: RedshiftDeps = { warehouse, session, folder, asOfMs, target };
  const words = { runId, codeVersion: codeVersion(), asOfMs, nowMs: now(), copyRole };
  const state = await readState(session);
  if (!dryRun) await prepareTables(session, state, [...datasets, "publishes"]);
  const publish = async (name: PublishedName): Promise<PublishedReport> => {
    signal.throwIfAborted();
    const change = await redshiftChange(name, publishedTables[name], state, deps);
    const { add, same, replaced } = change;
    const rows = add.reduce((sum, one) => sum + one.rows, 0);
    const task = progress.start(`publish ${name}`, add.length);
    const wrote = (): void => {
      task.advance();
    };
    const ids = dryRun ? [] : await publishToRedshift(change, deps, words, signal, wrote);
    task.end();
    return {
      table: name,
      written: add.length,
      same,
      removed: replaced,
      rows,
      snapshot: ids.at(-1),
    };
  };
  const tables: PublishedReport[] = [];
  for (const name of datasets) tables.push(await publish(name));
  if (dryRun) return tables;
  const done = await transactionsOf(session);
  const rows = done.map((row) => ({ ...row, target }));
  await addPublishes(warehouse, rows, now());
  tables.push(await publish("publishes"));
  return tables;
}
