/**
 * Builds the image with the builder that is there: `npm run image [-- --base IMAGE --tag NAME --platform linux/arm64]`.
 * Prints its size, and the share of the ClickHouse engine in it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    base: { type: "string" },
    tag: { type: "string", default: "quarry" },
    platform: { type: "string", default: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}` },
  },
});

const builders = [
  // Without attestations: the manifest that is deployed is that of one platform.
  {
    name: "docker",
    build: ["buildx", "build", "--load", "--provenance=false", "--sbom=false"],
    // A client without its engine, or without BuildKit, builds nothing.
    asks: [["buildx", "version"], ["info"]],
  },
  { name: "podman", build: ["build"], asks: [["info"]] },
  { name: "buildah", build: ["bud", "--layers"], asks: [["info"]] },
] as const;

const builder = builders.find(({ name, asks }) =>
  asks.every((ask) => spawnSync(name, ask).status === 0),
);
if (builder === undefined) {
  process.stderr.write(
    "image: expected docker, podman or buildah, found none that works; install one, or run containers/build-without-engine.sh as root.\n",
  );
  process.exit(2);
}
if (values.base !== undefined && !/@sha256:[0-9a-f]{64}$/.test(values.base)) {
  process.stderr.write(`image: expected --base NAME@sha256:DIGEST, got "${values.base}".\n`);
  process.exit(2);
}

const revision = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
const root = new URL("..", import.meta.url).pathname;
const built = spawnSync(
  builder.name,
  [
    ...builder.build,
    ...["--file", "containers/job/Dockerfile", "--platform", values.platform],
    ...["--build-arg", `REVISION=${revision}`],
    ...(values.base === undefined ? [] : ["--build-arg", `BASE=${values.base}`]),
    ...["--tag", values.tag, root],
  ],
  { stdio: "inherit", cwd: root },
);
if (built.status !== 0) process.exit(built.status ?? 1);
if (builder.name !== "buildah") {
  const run = (script: string): string =>
    execFileSync(builder.name, ["run", "--rm", "--entrypoint", "sh", values.tag, "-c", script], {
      encoding: "utf8",
    });
  const [all, engine] = run(
    "du -sm / --exclude=/proc --exclude=/sys; du -sm /quarry/node_modules/@chdb",
  )
    .trim()
    .split("\n")
    .map((line) => Number(line.split(/\s/)[0]));
  process.stdout.write(
    `${values.tag}: ${all} MB unpacked, ${engine} MB of it ClickHouse's engine.\n`,
  );
}
