import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { floors } from "../eslint.config.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = ["infra", "jobs", "shared", "test"];
const files = rooms.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root })).sort();

/** What a file imports, types and dynamic imports included: packages by name, own files by their path from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"|new URL\("([^"]+\.ts)", import\.meta\.url\)/g,
  );
  return [...found]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? `./${match[4]!}`)
    .map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** Imports that a rule forbids, as `file -> import`. */
function broken(rule: (file: string, imported: string) => boolean): string[] {
  return [...imports].flatMap(([file, all]) =>
    all.filter((imported) => rule(file, imported)).map((imported) => `${file} -> ${imported}`),
  );
}

const own = (path: string): boolean => rooms.some((room) => path.startsWith(`${room}/`));
const packageOf = (name: string): string =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

describe("the walls", () => {
  it("are looked at: the scan sees imports of every kind", () => {
    assert.ok(files.length > 200);
    assert.ok(imports.get("jobs/cli.ts")!.includes("jobs/commands/backfill.ts"));
    assert.ok(imports.get("jobs/commands/backfill.ts")!.includes("shared/backfill/through-run.ts"));
    assert.ok(
      imports.get("shared/factors/compute-pool.ts")!.includes("shared/factors/compute-worker.ts"),
    );
    assert.deepEqual(
      broken((_, imported) => own(imported) && !existsSync(join(root, imported))),
      [],
    );
  });

  it("hold the floors of shared: a room imports rooms below it, never above", () => {
    const floorOf = (path: string): number => floors.indexOf(path.split("/")[1]!);
    assert.deepEqual(
      broken((file, imported) => {
        if (!file.startsWith("shared/")) return false;
        if (own(imported) && !imported.startsWith("shared/")) return true;
        // The small files beside the rooms stand below them all.
        return floorOf(imported) > floorOf(file);
      }),
      [],
    );
    const folders = new Set(
      files
        .filter((file) => file.startsWith("shared/") && file.split("/").length > 2)
        .map((file) => file.split("/")[1]!),
    );
    assert.deepEqual(
      [...folders].filter((room) => !floors.includes(room)),
      [],
    );
  });

  it("keep jobs apart: no job imports another's folder, but for the demo, which runs them all", () => {
    const small = new Set(["commands"]);
    const jobOf = (path: string): string | undefined => {
      const [room, folder, file] = path.split("/");
      return room === "jobs" && file !== undefined && !small.has(folder!) ? folder : undefined;
    };
    assert.deepEqual(
      broken((file, imported) => {
        const from = jobOf(file);
        const to = jobOf(imported);
        return from !== undefined && from !== "demo" && to !== undefined && to !== from;
      }),
      [],
    );
  });

  it("keep tests out of everything else", () => {
    assert.deepEqual(
      broken((file, imported) => !file.startsWith("test/") && imported.startsWith("test/")),
      [],
    );
  });

  it("keep job code out of a deployment", () => {
    assert.deepEqual(
      broken(
        (file, imported) =>
          file.startsWith("infra/") &&
          own(imported) &&
          !imported.startsWith("infra/") &&
          !["shared/catalogue.ts", "shared/units.ts"].includes(imported),
      ),
      [],
    );
  });

  it("keep what is heavy out of the start: a command's libraries are loaded when it runs", () => {
    const loaded = new Set<string>();
    const packages = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const text = readFileSync(join(root, file), "utf8");
      // What is imported as values, at once; types are gone when it runs.
      for (const [, name] of text.matchAll(
        /(?:^|\n)(?:import|export)\s+(?!type\s)[^;]*?from\s+"([^"]+)"/g,
      )) {
        if (name!.startsWith(".")) load(normalize(join(dirname(file), name!)));
        else if (!name!.startsWith("node:")) packages.add(packageOf(name!));
      }
    };
    load("jobs/cli.ts");
    assert.ok(loaded.size > 30);
    assert.deepEqual([...packages].toSorted(), ["commander", "csv-parse", "pino"]);
  });

  it("leave the cloud's names to a few files", () => {
    const may =
      /^(infra\/.*|jobs\/lambda|shared\/objects\/s3|shared\/text\/bedrock[^/]*|shared\/lake\/aws-[a-z0-9-]+|shared\/backfill\/executors\/aws-[a-z]+)\.ts$/;
    assert.deepEqual(
      broken(
        (file, imported) =>
          !file.startsWith("test/") && /^(@aws-sdk|@pulumi)\//.test(imported) && !may.test(file),
      ),
      [],
    );
  });

  it("are built of what package.json names, and of nothing that only development has", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
    const node = new Set(builtinModules.map((name) => `node:${name}`));
    assert.deepEqual(
      broken((file, imported) => {
        if (own(imported) || imported.startsWith("node:")) {
          return imported.startsWith("node:") && !node.has(imported);
        }
        // Files at the top, such as package.json.
        if (existsSync(join(root, imported)) && !imported.startsWith("@")) return false;
        const name = packageOf(imported);
        return !(
          name in dependencies ||
          // The image has no Pulumi, and nothing of infra/.
          (/^(test|infra)\//.test(file) && name in devDependencies)
        );
      }),
      [],
    );
  });
});

describe("the sources", () => {
  const shipped = files.filter((file) => !file.startsWith("test/"));
  const found = (pattern: RegExp, among: readonly string[]): string[] =>
    among.filter((file) => pattern.test(readFileSync(join(root, file), "utf8")));

  it("draw no number at random outside of the simulator", () => {
    assert.deepEqual(found(/Math\.random/, shipped), []);
  });

  it("read the environment in one place", () => {
    const shared = shipped.filter((file) => file.startsWith("shared/"));
    assert.deepEqual(found(/process\.env/, shared), ["shared/env.ts"]);
  });

  it("name no registry", () => {
    const lock = readFileSync(join(root, "package-lock.json"), "utf8");
    assert.doesNotMatch(lock, /"resolved"|https?:\/\/registry/);
  });
});
