import { join } from "node:path";
import type { Settings } from "../env.ts";
import { InvalidInput } from "../errors.ts";
import { fileStore } from "./file-store.ts";
import type { ObjectStore } from "./object-store.ts";

/** Opens the object store that the configuration names: `QUARRY_OBJECTS`, else a folder under `QUARRY_HOME`. */
export function openObjects(settings: Settings): ObjectStore {
  const location = settings.get("objects") ?? join(settings.text("home"), "objects");
  if (/^\w+:\/\//.test(location)) {
    throw new InvalidInput(`QUARRY_OBJECTS: expected a folder, got "${location}".`);
  }
  return fileStore(location);
}
