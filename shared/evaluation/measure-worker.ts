import { parentPort, workerData } from "node:worker_threads";
import { Measurer, type MeasureSetup, type MeasureTask } from "./measure.ts";

// A thread of `measureInThreads`: one factor a message, one measurement an answer.
const measurer = new Measurer(workerData as MeasureSetup);
parentPort!.on("message", (task: MeasureTask) => {
  parentPort!.postMessage(measurer.measure(task));
});
