/** Memory that Fargate has for each number of vCPUs, MiB: from, to, and in steps of. */
const sizes: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  "0.25": [512, 2048, 512],
  "0.5": [1024, 4096, 1024],
  "1": [2048, 8192, 1024],
  "2": [4096, 16_384, 1024],
  "4": [8192, 30_720, 1024],
  "8": [16_384, 61_440, 4096],
  "16": [32_768, 122_880, 8192],
};

/** Why Fargate has no task of this size; undefined when it has. */
export function whyNoFargate(vcpus: number, memoryMiB: number): string | undefined {
  const size = sizes[String(vcpus)];
  if (size === undefined) {
    return `Fargate has tasks of ${Object.keys(sizes).join(", ")} vCPUs, not of ${vcpus}`;
  }
  const [from, to, step] = size;
  if (memoryMiB >= from && memoryMiB <= to && (memoryMiB - from) % step === 0) return undefined;
  return `Fargate has ${from} to ${to} MiB in steps of ${step} with ${vcpus} vCPUs, not ${memoryMiB}`;
}
