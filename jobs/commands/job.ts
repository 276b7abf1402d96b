import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import { fileHere } from "../s3-files.ts";
import { runJob, type CommandContext, type CommonFlags } from "../run-job.ts";

/** `quarry job NAME ARGUMENTS`: a job of the registry, as Lambda hands it over to Batch; nobody types it. */
export function addJob(program: Command, context: CommandContext): void {
  program
    .command("job", { hidden: true })
    .argument("<name>", "name in the registry")
    .argument("<arguments>", "its arguments, JSON")
    .action(async (name: string, text: string, _: unknown, command: Command) => {
      const args = argumentsOf(text);
      const { runRegistered } = await import("../registry.ts");
      const folder = await mkdtemp(join(tmpdir(), "quarry-job-"));
      try {
        const here = await withFilesHere(args, folder);
        await runJob<object>(
          {
            name,
            parameters: args,
            job: (deps, signal) => runRegistered(name, here, deps, signal, neverEnough),
            show: (report) => JSON.stringify(report),
          },
          command.optsWithGlobals<CommonFlags>(),
          context,
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

const neverEnough = new AbortController().signal;

function argumentsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new InvalidInput(`Expected the arguments of a job as a JSON object, got "${text}".`);
}

/** Brings files of a bucket to this machine; those that are here stay where they are. */
async function withFilesHere(
  args: Record<string, unknown>,
  folder: string,
): Promise<Record<string, unknown>> {
  const files = Array.isArray(args["files"]) ? (args["files"] as unknown[]) : [args["path"]];
  if (files[0] === undefined) return args;
  const paths: string[] = [];
  for (const [at, file] of files.map(String).entries()) {
    // Two files may have one name; its ending tells the format.
    const path = await fileHere(file, folder, `${at}-${basename(file)}`);
    if (path === undefined) throw new Failed(`${file} is gone: put it there again.`);
    paths.push(path);
  }
  return Array.isArray(args["files"]) ? { ...args, files: paths } : { ...args, path: paths[0] };
}
