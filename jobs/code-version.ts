import { readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

function read(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** The version of this code: the package's, and the commit's where the image or the clone's history tells. */
export function codeVersion(): string {
  const { version } = JSON.parse(read("package.json") ?? '{"version":"0.0.0"}') as {
    version: string;
  };
  const head = read(".git/HEAD");
  const reference = /^ref: (.*)$/.exec(head ?? "")?.[1];
  const ours = reference === undefined ? head : (read(`.git/${reference}`) ?? packed(reference));
  const commit = ours ?? process.env["QUARRY_REVISION"];
  return commit ? `${version}+${commit.slice(0, 12)}` : version;
}

function packed(reference: string): string | undefined {
  const line = read(".git/packed-refs")
    ?.split("\n")
    .find((entry) => entry.endsWith(` ${reference}`));
  return line?.split(" ")[0];
}
