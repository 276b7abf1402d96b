import { readSettings } from "../../shared/env.ts";
import { openObjects } from "../../shared/objects/open-objects.ts";

// Run as a process of its own, with an environment of its own: prints the text of an object, or why there is none.
try {
  const objects = await openObjects(readSettings());
  const text = (await objects.get(process.argv[2]!))?.toString();
  console.log(JSON.stringify({ location: objects.location, text }));
} catch (thrown) {
  const { name, message } = thrown as Error;
  console.log(JSON.stringify({ error: name, message }));
}
