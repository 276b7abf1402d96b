import { parentPort } from "node:worker_threads";
import { discoveryOutcome, noiseOutcomes } from "./one-seed.ts";

/** One market to judge. */
export interface HonestyTask {
  readonly kind: "noise" | "discovery";
  readonly seed: number;
}

parentPort!.on("message", ({ kind, seed }: HonestyTask) => {
  parentPort!.postMessage(kind === "noise" ? noiseOutcomes(seed) : discoveryOutcome(seed));
});
