import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { examples } from "../support/configurations.ts";
import { Engine, hasEngine, type Ended, type Held } from "./engine.ts";
import { replaceOn } from "./replace-on.ts";

// `npm run test:engine`: the program under Pulumi's real engine, with `aws` and `awsx` simulated on loopback.

if (!hasEngine()) {
  console.log("There is no `pulumi` program on the PATH: nothing was run.");
  process.exit(0);
}

type Values = Readonly<Record<string, unknown>>;
const valuesOf = (name: string): Values => examples[name]![1];
let failures = 0;

function say(what: string, kept: boolean, detail = ""): void {
  console.log(`${kept ? "  ok  " : " FAIL "} ${what}${detail ? `: ${detail}` : ""}`);
  if (!kept) failures++;
}

const inShort = ({ code, seconds, changes, output }: Ended): string =>
  code === 0
    ? `${Object.entries(changes)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", ")} in ${seconds.toFixed(1)} s`
    : (output.split("\n").find((line) => /error:/.test(line)) ?? output.slice(-300)).trim();

const idsOf = (held: Held, ...types: string[]): string[] =>
  held.things.filter(({ type }) => types.includes(type)).map(({ id }) => id);
const data = ["aws:s3/bucket:Bucket", "aws:ebs/volume:Volume", "aws:ec2/eip:Eip"];

/** Runs something with an engine and a cloud of its own. */
async function withEngine(use: (engine: Engine) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "quarry-engine-"));
  const engine = await Engine.start(folder);
  try {
    await use(engine);
  } finally {
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Up, up again, another configuration, refresh, destroy. */
async function cycle(): Promise<void> {
  console.log("A cycle of dev");
  await withEngine(async (engine) => {
    await engine.configure("dev", valuesOf("development"));
    const pack = fileURLToPath(new URL("../../../infra/policy", import.meta.url));
    const up = await engine.up("dev", "--policy-pack", pack);
    say("up makes it, and the policy pack lets it through", up.code === 0, inShort(up));
    const again = await engine.up("dev");
    const changed = Object.keys(again.changes).filter((kind) => kind !== "unchanged");
    say("up again changes nothing", again.code === 0 && changed.length === 0, inShort(again));
    await engine.configure("dev", {
      ...valuesOf("development"),
      "quarry:compute": { maxVcpus: 32 },
    });
    const wider = await engine.up("dev");
    say(
      "more vCPUs change three environments",
      wider.code === 0 && wider.changes["updated"] === 3,
      inShort(wider),
    );
    const refresh = await engine.refresh("dev");
    say("refresh finds no drift", refresh.code === 0, inShort(refresh));
    const state = await engine.state("dev");
    say(
      "the state has no secret's value",
      !/BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|"(secretString|password)": *"[^"]/i.test(state),
      `${state.length} characters read`,
    );
    for (const bucket of idsOf(await engine.cloud({ order: "dump" }), "aws:s3/bucket:Bucket")) {
      await engine.cloud({ order: "fill", bucket });
    }
    const destroy = await engine.destroy("dev");
    const { things } = await engine.cloud({ order: "dump" });
    say("destroy leaves nothing", destroy.code === 0 && things.length === 0, inShort(destroy));
  });
}

/** From each example of dev to each other. */
async function transitions(): Promise<void> {
  console.log("From each configuration of dev to each other");
  const names = Object.keys(examples).filter((name) => examples[name]![0] === "dev");
  await withEngine(async (engine) => {
    await engine.configure("dev", valuesOf(names[0]!));
    await engine.up("dev");
    for (const [from, to] of tour(names)) {
      await engine.configure("dev", valuesOf(to));
      const before = await engine.cloud({ order: "dump" });
      const ended = await engine.up("dev");
      if (
        ended.code !== 0 &&
        /quarry:network\.cidr: dev was deployed with .*set it back/.test(ended.output)
      ) {
        const after = await engine.cloud({ order: "dump" });
        const untouched = JSON.stringify(after) === JSON.stringify(before);
        say(`${from} -> ${to}: refused before any change`, untouched, inShort(ended));
        // As whoever owns it would: a new stack.
        await engine.configure("dev", valuesOf(from));
        await engine.destroy("dev");
        await engine.configure("dev", valuesOf(to));
        await engine.up("dev");
        continue;
      }
      say(`${from} -> ${to}`, ended.code === 0, inShort(ended));
    }
    const { code } = await engine.destroy("dev");
    const { things } = await engine.cloud({ order: "dump" });
    say(
      "destroy leaves nothing",
      code === 0 && things.length === 0,
      things.map(({ id }) => id).join(", "),
    );
  });
}

/** Steps that go each way between any two once. */
function* tour(names: readonly string[]): Generator<readonly [string, string]> {
  let at = names[0]!;
  const left = new Set(names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b}`)));
  while (left.size > 0) {
    const next =
      names.find((name) => left.has(`${at}>${name}`)) ??
      names.find((name) => [...left].some((one) => one.startsWith(`${name}>`)))!;
    left.delete(`${at}>${next}`);
    yield [at, next];
    at = next;
  }
}

/** Each type fails once, and the next run goes on. */
async function oneFailureEach(): Promise<void> {
  console.log("Every type's first creation fails once");
  await withEngine(async (engine) => {
    await engine.configure("dev", valuesOf("development"));
    for (const type of Object.keys(replaceOn)) await engine.cloud({ order: "fail", type });
    let runs = 0;
    let ended: Ended;
    const failed = new Set<string>();
    do {
      ended = await engine.up("dev");
      runs++;
      for (const [, type] of ended.output.matchAll(/(aws:[\w/:]+): the service is out of order/g)) {
        failed.add(type!);
      }
    } while (ended.code !== 0 && runs < 80);
    const kinds = new Set((await engine.cloud({ order: "dump" })).things.map(({ type }) => type));
    say(
      `${failed.size} of ${kinds.size} types failed, and ${runs} runs made it`,
      ended.code === 0 && [...kinds].every((type) => failed.has(type)),
      inShort(ended),
    );
    const again = await engine.up("dev");
    say(
      "nothing is left to do",
      (again.changes["unchanged"] ?? 0) > 0 && Object.keys(again.changes).length === 1,
      inShort(again),
    );
    await engine.destroy("dev");
    const { things } = await engine.cloud({ order: "dump" });
    say("destroy leaves nothing", things.length === 0, things.map(({ id }) => id).join(", "));
  });
}

/** What production keeps through changes, and how it goes. */
async function production(): Promise<void> {
  console.log("Production");
  await withEngine(async (engine) => {
    const prod = valuesOf("production");
    await engine.configure("prod", prod);
    const up = await engine.up("prod");
    say("up makes it", up.code === 0, inShort(up));
    const first = await engine.cloud({ order: "dump" });
    for (const bucket of idsOf(first, "aws:s3/bucket:Bucket")) {
      await engine.cloud({ order: "fill", bucket });
    }
    const kept = idsOf(first, ...data).sort();
    const changes: readonly (readonly [what: string, values: Values])[] = [
      ["another image", { "quarry:image": `r.example/q@sha256:${"d".repeat(64)}` }],
      [
        "a larger instance",
        { "quarry:clickhouse": { kind: "ec2", instanceType: "r7g.4xlarge", volumeGiB: 1500 } },
      ],
      ["another architecture", { "quarry:architecture": "x86_64" }],
      ["no endpoints", { "quarry:network": { zones: 3, nat: "per-zone" } }],
      ["schedules off", { "quarry:schedules": { enabled: false } }],
    ];
    for (const [what, values] of changes) {
      await engine.configure("prod", { ...prod, ...values });
      const ended = await engine.up("prod");
      const now = idsOf(await engine.cloud({ order: "dump" }), ...data).sort();
      say(
        `${what}: data, volume and addresses stay`,
        ended.code === 0 && JSON.stringify(now) === JSON.stringify(kept),
        inShort(ended),
      );
    }
    const refusals: readonly (readonly [what: string, values: Values, key: RegExp])[] = [
      ["another region", { "aws:region": "us-west-2" }, /aws:region: prod was deployed with/],
      [
        "another range",
        { "quarry:network": { zones: 3, nat: "per-zone", cidr: "10.9.0.0/16" } },
        /quarry:network\.cidr: /,
      ],
      [
        "another zone for the volume",
        { "quarry:clickhouse": { kind: "ec2", zone: "b" } },
        /quarry:clickhouse\.zone: /,
      ],
      [
        "fewer addresses",
        { "quarry:network": { zones: 3, nat: "single" } },
        /quarry:network\.nat: /,
      ],
    ];
    for (const [what, values, key] of refusals) {
      const before = JSON.stringify(await engine.cloud({ order: "dump" }));
      await engine.configure("prod", { ...prod, ...values });
      const ended = await engine.up("prod");
      const untouched = JSON.stringify(await engine.cloud({ order: "dump" })) === before;
      say(
        `${what} is refused before any change`,
        ended.code !== 0 && key.test(ended.output) && untouched,
        inShort(ended),
      );
    }
    await engine.configure("prod", prod);
    await engine.up("prod");
    const whole = JSON.stringify(await engine.cloud({ order: "dump" }));
    // As people run it: what it would do is looked at first.
    const stopped = await engine.run(["destroy", "--yes", "--stack", "prod"]);
    const asItWas = JSON.stringify(await engine.cloud({ order: "dump" })) === whole;
    say(
      "destroy stops at protected data, before it touches anything",
      stopped.code !== 0 &&
        /cannot be deleted\s+because it is protected/.test(stopped.output) &&
        asItWas,
      inShort(stopped),
    );
    await engine.configure("prod", { ...prod, "quarry:teardown": true });
    const release = await engine.up("prod");
    say(
      "teardown takes a last snapshot, and lifts the protection",
      release.code === 0,
      inShort(release),
    );
    const gone = await engine.destroy("prod");
    const { things } = await engine.cloud({ order: "dump" });
    const left = things.map(({ type }) => type).sort();
    say(
      "then destroy leaves the captures, the volume and the snapshot",
      gone.code === 0 &&
        JSON.stringify(left) ===
          JSON.stringify([
            "aws:ebs/snapshot:Snapshot",
            "aws:ebs/volume:Volume",
            "aws:s3/bucket:Bucket",
          ]),
      gone.code === 0 ? left.join(", ") : inShort(gone),
    );
  });
}

const started = performance.now();
const asked = process.argv.slice(2);
const all = { cycle, production, "one-failure-each": oneFailureEach, transitions };
for (const [name, run] of Object.entries(all)) {
  if (asked.length === 0 || asked.includes(name)) await run();
}
console.log(`${failures} failures; ${((performance.now() - started) / 1000).toFixed(0)} s.`);
process.exitCode = failures > 0 ? 1 : 0;
