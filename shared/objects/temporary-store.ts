import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "./file-store.ts";
import type { ObjectStore } from "./object-store.ts";

/**
 * A store in a folder that is there as long as this process, which removes it when it ends. What a killed one leaves goes
 * with the system's temporary files.
 */
export function temporaryStore(): ObjectStore {
  const folder = mkdtempSync(join(tmpdir(), "quarry-objects-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return fileStore(folder);
}
