import { existsSync } from "node:fs";
import { join } from "node:path";
import { settingsOf, type CommonFlags } from "./run-job.ts";

/** Where `quarry demo` keeps its warehouse. */
const demoHome = join("out", "home");

/**
 * The demo's warehouse for who only reads, where nobody names a home and there is none of one's own: after `npm run demo` its tables can
 * be asked and published as they are. Nothing is ever brought in there by this.
 */
export function orDemoHome<Flags extends CommonFlags>(flags: Flags): Flags {
  const home = settingsOf(flags)
    .all()
    .find(({ name }) => name === "home");
  const own = home?.origin !== "default" || existsSync(home.value!);
  if (own || !existsSync(join(demoHome, "warehouse"))) return flags;
  process.stderr.write(`There is no warehouse of yours: the demo's is read, --home ${demoHome}.\n`);
  return { ...flags, home: demoHome };
}
