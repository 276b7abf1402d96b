import { contentHash, fileStore } from "../../shared/objects/file-store.ts";

// Run as a process of its own: puts large objects, each behind its own hash, and says when it begins with one.
const store = fileStore(process.argv[2]!);
const body = Buffer.alloc(6_000_000);
for (let number = 1; ; number++) {
  body.fill(number % 251);
  process.stdout.write(`${number}\n`);
  await store.putIfAbsent(
    `${process.pid}/${String(number).padStart(4, "0")}`,
    Buffer.concat([Buffer.from(contentHash(body)), body]),
  );
}
