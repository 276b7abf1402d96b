/**
 * Does a test that claims 5 % err in 5 % of cases? Noise of every persistence, judged by the very evaluation that users
 * run, on simulated markets in which nothing can be known. Seeds are fixed: the figures are the same on every machine.
 *
 * Exits with 1 where a figure lies outside of what the README promises.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { textTable } from "../../jobs/table.ts";
import {
  horizons,
  noisePerCell,
  persistences,
  type DiscoveryOutcome,
  type TestOutcome,
} from "./honesty/one-seed.ts";
import type { HonestyTask } from "./honesty/worker.ts";

const nominal = 0.05;
const noiseSeeds = Array.from({ length: 25 }, (_, at) => 1001 + at);
const discoverySeeds = Array.from({ length: 50 }, (_, at) => 5001 + at);

async function inThreads<Outcome>(
  kind: HonestyTask["kind"],
  seeds: readonly number[],
): Promise<Outcome[]> {
  const results = new Map<number, Outcome>();
  const waiting = [...seeds];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const worker = new Worker(new URL("honesty/worker.ts", import.meta.url));
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        worker.postMessage({ kind, seed } satisfies HonestyTask);
        const [outcome] = (await once(worker, "message")) as [Outcome];
        results.set(seed, outcome);
      }
      await worker.terminate();
    }),
  );
  return seeds.map((seed) => results.get(seed)!);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const share = (outcomes: readonly TestOutcome[], p: (outcome: TestOutcome) => number): number =>
  outcomes.filter((outcome) => p(outcome) <= nominal).length / outcomes.length;

const noise = (await inThreads<TestOutcome[]>("noise", noiseSeeds)).flat();
const cells = persistences.flatMap((rho) =>
  horizons.map((horizon) => {
    const outcomes = noise.filter((one) => one.rho === rho && one.horizon === horizon);
    return {
      rho,
      horizon,
      factors: outcomes.length,
      hac: share(outcomes, ({ p }) => p),
      iid: share(outcomes, ({ pIid }) => pIid),
    };
  }),
);
const factors = noiseSeeds.length * persistences.length * noisePerCell;
const pooled = share(noise, ({ p }) => p);
process.stdout.write(
  `${factors} noise factors on ${noiseSeeds.length} markets, each at ${horizons.length} horizons; rejected at a nominal 5 %:\n\n${textTable(
    [
      { head: "autocorrelation", cell: ({ rho }) => String(rho), right: true },
      { head: "horizon", cell: ({ horizon }) => String(horizon), right: true },
      { head: "factors", cell: (cell) => String(cell.factors), right: true },
      { head: "p HAC", cell: ({ hac }) => percent(hac), right: true },
      { head: "p iid", cell: ({ iid }) => percent(iid), right: true },
    ],
    cells,
  )}\n\npooled p HAC: ${percent(pooled)}\n\n`,
);

const discoveries = await inThreads<DiscoveryOutcome>("discovery", discoverySeeds);
const shares = discoveries.map(({ rejected, falselyRejected }) =>
  rejected === 0 ? 0 : falselyRejected / rejected,
);
const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length;
const error = Math.sqrt(
  shares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (shares.length - 1) / shares.length,
);
const found = discoveries.reduce((sum, one) => sum + one.plantedFound, 0);
const there = discoveries.reduce((sum, one) => sum + one.planted, 0);
process.stdout.write(
  `False discoveries among the rejected, planted signals in the mix, ${discoverySeeds.length} markets: ${percent(mean)} ` +
    `(standard error ${percent(error)}); power: ${percent(found / there)} of planted (signal, horizon) pairs found.\n`,
);

const hardest = cells.find(({ rho, horizon }) => rho === 0.98 && horizon === 21)!;
const broken = [
  ...cells
    .filter(({ hac }) => Math.abs(hac - nominal) > 0.02)
    .map(({ rho, horizon, hac }) => `${rho} / ${horizon}: ${percent(hac)} is not within 5 % +- 2`),
  ...(pooled < 0.035 || pooled > 0.065
    ? [`pooled ${percent(pooled)} is not within 3.5 to 6.5 %`]
    : []),
  ...(hardest.iid <= 0.3
    ? [`the iid t rejects only ${percent(hardest.iid)} at 0.98 / 21: the noise is too easy`]
    : []),
  ...(mean > nominal + 2 * error
    ? [`false discoveries ${percent(mean)} exceed 5 % + 2 standard errors`]
    : []),
];
for (const line of broken) process.stdout.write(`NOT KEPT: ${line}\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
