import { join } from "node:path";
import type { Settings } from "../env.ts";
import { InvalidInput } from "../errors.ts";
import { fileStore } from "./file-store.ts";
import { isObjectKey } from "./object-key.ts";
import type { ObjectStore } from "./object-store.ts";
import { routedStore } from "./routed-store.ts";
import { steadyStore } from "./steady-store.ts";

/**
 * Opens the object store that the configuration names: `QUARRY_OBJECTS`, a folder or `s3://bucket/prefix`, else a folder
 * under `QUARRY_HOME`; vendors' replies in `QUARRY_CAPTURES` where that is set.
 *
 * @throws InvalidInput when it is the address of something else
 */
export async function openObjects(settings: Settings): Promise<ObjectStore> {
  const location = settings.get("objects") ?? join(settings.text("home"), "objects");
  const objects = await openAt("QUARRY_OBJECTS", location, settings);
  const captures = settings.get("captures");
  if (captures === undefined) return objects;
  return routedStore(objects, "captures/", await openAt("QUARRY_CAPTURES", captures, settings));
}

async function openAt(
  variable: string,
  location: string,
  settings: Settings,
): Promise<ObjectStore> {
  if (!/^\w+:\/\//.test(location)) return fileStore(location);
  const [, bucket, prefix = ""] =
    /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])(?:\/(.*?))?\/?$/.exec(location) ?? [];
  if (bucket === undefined || (prefix !== "" && !isObjectKey(prefix))) {
    throw new InvalidInput(
      `${variable}: expected a folder or s3://bucket/prefix, got "${location}".`,
    );
  }
  // The SDK takes a while to load.
  const { s3Client, s3Store } = await import("./s3.ts");
  const region = settings.get("awsRegion");
  return steadyStore(s3Store(bucket, prefix, s3Client(region === undefined ? {} : { region })));
}
