import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { plural } from "../../shared/units.ts";
import { examples } from "./support/configurations.ts";
import type { Registered } from "./support/engine-stand-in.ts";
import { runProgram } from "./support/run-program.ts";

// `npm run picture`: draws the platform from the resource graph that the program itself registers.

/** Where the picture stands. */
export const picture = new URL("../../docs/architecture.md", import.meta.url);

const words: Readonly<Record<string, string>> = {
  network: "network, gateways, who may reach what",
  storage: "buckets: raw, work, lake, inbox",
  secrets: "secrets, made empty",
  clickhouse: "ClickHouse on an instance of ours",
  image: "one image of all jobs",
  alerts: "a topic, and who hears it",
  compute: "Batch: queues, a definition a job",
  functions: "Lambda: daily increments, the inbox",
  research: "the daily research run",
  schedules: "what runs by itself",
  inbox: "files that start jobs",
  watch: "alarms and a budget",
  deployment: "what commands read",
};

/** The picture of a program's registrations: a box a component of the stack, an arrow where one needs another. */
export async function draw(registered: readonly Registered[]): Promise<string> {
  const byUrn = new Map(registered.map((one) => [one.urn, one]));
  const boxOf = (urn: string): string | undefined => {
    let one = byUrn.get(urn);
    while (one !== undefined && !one.parent.includes("pulumi:pulumi:Stack"))
      one = byUrn.get(one.parent);
    return one !== undefined && (one.type.startsWith("quarry:") || one.name === "deployment")
      ? one.name
      : undefined;
  };
  const counts = new Map<string, number>();
  const arrows = new Set<string>();
  for (const { urn, type, dependencies } of registered) {
    const box = boxOf(urn);
    if (box === undefined) continue;
    if (!type.startsWith("quarry:")) counts.set(box, (counts.get(box) ?? 0) + 1);
    for (const needed of dependencies) {
      const other = boxOf(needed);
      if (other !== undefined && other !== box) arrows.add(`  ${box} --> ${other}`);
    }
  }
  const boxes = [...counts].map(
    ([box, count]) =>
      `  ${box}["<b>${box}</b><br/>${words[box] ?? ""}<br/>${plural(count, "resource")}"]`,
  );
  return format(
    [
      "# The platform, as the program makes it",
      "",
      "Drawn by `npm run picture` from the resources that `infra/` registers for a development environment, and held to them by a test. An arrow",
      "leads to what a component needs of another.",
      "",
      "```mermaid",
      "flowchart TD",
      ...boxes.sort(),
      ...[...arrows].sort(),
      "```",
      "",
    ].join("\n"),
    { parser: "markdown", printWidth: 150 },
  );
}

/** The picture of development as it is now. */
export async function drawNow(): Promise<string> {
  const { code, said, engine } = await runProgram(examples["development"]![1]);
  if (code !== 0) throw new Error(said + engine.logged.join("\n"));
  return draw(engine.registered);
}

if (process.argv[1]?.endsWith("picture.ts")) writeFileSync(picture, await drawNow());
